{{- /* A pod of a part: metadata and spec. Pod security "restricted", read-only root, secrets as files only. */ -}}
{{- define "kordon.pod" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- $v := $root.Values -}}
{{- $job := has $part (list "topics" "dashboards") -}}
{{- $values := ternary $v.topics.job (index $v $part) (eq $part "topics") -}}
{{- $secrets := include "kordon.secretSources" . -}}
{{- $certificates := include "kordon.certificateSources" . -}}
{{- $door := include "kordon.doorSources" . -}}
metadata:
  labels:
    {{- with $v.pods.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- include "kordon.selector" . | nindent 4 }}
    # not to be contained, also by an installation of Kordon that does not run here
    kordon.io/protected: "true"
  annotations:
    {{- with $v.pods.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    kordon.io/settings: {{ include "kordon.configData" . | sha256sum }}
    {{- if eq $part "streams" }}
    kordon.io/rules: {{ printf "%s %s" (toJson $v.rules) (toJson $v.playbooks) | sha256sum }}
    {{- end }}
spec:
  {{- if $job }}
  restartPolicy: OnFailure
  serviceAccountName: default
  automountServiceAccountToken: false
  {{- else }}
  serviceAccountName: {{ include "kordon.serviceAccount" . }}
  automountServiceAccountToken: {{ has $part (list "actuator" "inventory") }}
  {{- end }}
  enableServiceLinks: false
  {{- with $v.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $values.priorityClassName | default $v.pods.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- if not $job }}
  terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds | int }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  {{- with $values.nodeSelector | default $v.pods.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations | default $v.pods.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.affinity | default $v.pods.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if not $job }}
  topologySpreadConstraints:
    {{- with $values.topologySpreadConstraints | default $v.pods.topologySpreadConstraints }}
    {{- toYaml . | nindent 4 }}
    {{- else }}
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "kordon.selector" (list $root $part) | nindent 10 }}
    {{- end }}
    {{- end }}
  {{- end }}
  containers:
    - name: {{ $part }}
      image: {{ include "kordon.image" $root | quote }}
      imagePullPolicy: {{ $v.image.pullPolicy }}
      args:
        {{- if eq $part "dashboards" }}
        - dashboards
        - import
        {{- else }}
        - {{ $part }}
        {{- end }}
        - --config
        - /etc/kordon/config/kordon.yaml
      env:
        - name: POD_NAMESPACE
          valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
        {{- if $secrets }}
        - name: KORDON_SECRETS
          value: /etc/kordon/secrets
        {{- end }}
        {{- if eq $part "streams" }}
        # Kafka's static membership: a replica that comes back within the session gets back what it had
        - name: KORDON_KAFKA_MAIN_CONSUMER_GROUP_INSTANCE_ID
          valueFrom: {fieldRef: {fieldPath: metadata.name}}
        {{- end }}
        {{- if and (eq $part "connect") (include "kordon.connect.several" $root) }}
        # the address at which the other workers find this one
        - name: POD_IP
          valueFrom: {fieldRef: {fieldPath: status.podIP}}
        {{- end }}
        {{- with $values.javaOptions }}
        - name: JAVA_TOOL_OPTIONS
          value: {{ . | quote }}
        {{- end }}
      {{- if not $job }}
      ports:
        - {name: operations, containerPort: 9090}
        {{- if eq $part "gateway" }}
        - {name: http, containerPort: 8080}
        {{- end }}
        {{- if eq $part "connect" }}
        - {name: connect, containerPort: 8083}
        {{- end }}
      # up within five minutes: state is read from Kafka first
      startupProbe:
        httpGet: {path: /livez, port: operations}
        periodSeconds: 5
        timeoutSeconds: 5
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /livez, port: operations}
        periodSeconds: 15
        timeoutSeconds: 5
        failureThreshold: 4
      readinessProbe:
        httpGet: {path: /readyz, port: operations}
        periodSeconds: 5
        timeoutSeconds: 5
        failureThreshold: 2
      {{- if and (eq $part "gateway") (semverCompare ">=1.30.0-0" $root.Capabilities.KubeVersion.Version) }}
      lifecycle:
        # until the Service has stopped sending requests here
        preStop: {sleep: {seconds: 10}}
      {{- end }}
      {{- end }}
      resources:
        {{- toYaml $values.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts:
        - {name: config, mountPath: /etc/kordon/config, readOnly: true}
        {{- if $secrets }}
        - {name: secrets, mountPath: /etc/kordon/secrets, readOnly: true}
        {{- end }}
        {{- if $certificates }}
        - {name: certificates, mountPath: /etc/kordon/certificates, readOnly: true}
        {{- end }}
        {{- if $door }}
        - {name: door, mountPath: /etc/kordon/door, readOnly: true}
        {{- end }}
        {{- if and (eq $part "gateway") $v.gateway.credentials.existingSecret }}
        - {name: credentials, mountPath: /etc/kordon/credentials, readOnly: true}
        {{- end }}
        {{- if eq $part "streams" }}
        {{- range $kind := list "rules" "playbooks" }}
        {{- if contains (printf "/%s/inline" $kind) (include "kordon.paths" (list $root $kind)) }}
        - {name: {{ $kind }}, mountPath: /etc/kordon/{{ $kind }}/inline, readOnly: true}
        {{- end }}
        {{- range $index, $name := (index $v $kind).existingConfigMaps }}
        - {name: {{ $kind }}-{{ $index }}, mountPath: /etc/kordon/{{ $kind }}/from-{{ $name }}, readOnly: true}
        {{- end }}
        {{- end }}
        {{- end }}
        {{- range $v.mounts }}
        - {name: mount-{{ .name }}, mountPath: /etc/kordon/mounts/{{ .name }}, readOnly: true}
        {{- end }}
        - {name: state, mountPath: /var/lib/kordon}
        {{- if and (eq $part "actuator") (eq $v.evidence.store "volume") }}
        - {name: evidence, mountPath: /var/lib/kordon/evidence}
        {{- end }}
        - {name: tmp, mountPath: /tmp}
  volumes:
    - name: config
      configMap:
        name: {{ include "kordon.name" . }}
    {{- if $secrets }}
    - name: secrets
      projected:
        defaultMode: 288 # 0440
        sources:
          {{- $secrets | trim | nindent 10 }}
    {{- end }}
    {{- if $certificates }}
    - name: certificates
      projected:
        defaultMode: 288 # 0440
        sources:
          {{- $certificates | trim | nindent 10 }}
    {{- end }}
    {{- if $door }}
    - name: door
      projected:
        defaultMode: 288 # 0440
        sources:
          {{- $door | trim | nindent 10 }}
    {{- end }}
    {{- if and (eq $part "gateway") $v.gateway.credentials.existingSecret }}
    # all of it: the file may name others beside it, one for each password
    - name: credentials
      secret:
        secretName: {{ $v.gateway.credentials.existingSecret }}
        defaultMode: 288 # 0440
    {{- end }}
    {{- if eq $part "streams" }}
    {{- range $kind := list "rules" "playbooks" }}
    {{- if contains (printf "/%s/inline" $kind) (include "kordon.paths" (list $root $kind)) }}
    - name: {{ $kind }}
      configMap:
        name: {{ include "kordon.name" (list $root $kind) }}
    {{- end }}
    {{- range $index, $name := (index $v $kind).existingConfigMaps }}
    - name: {{ $kind }}-{{ $index }}
      configMap:
        name: {{ $name }}
    {{- end }}
    {{- end }}
    {{- end }}
    {{- range $v.mounts }}
    - name: mount-{{ .name }}
      {{- if .existingConfigMap }}
      configMap:
        name: {{ .existingConfigMap }}
      {{- else }}
      secret:
        secretName: {{ .existingSecret }}
        defaultMode: 288 # 0440
      {{- end }}
    {{- end }}
    {{- if ne $part "streams" }}
    - name: state
      emptyDir:
        sizeLimit: {{ ternary $v.actuator.spoolSize "64Mi" (eq $part "actuator") }}
    {{- end }}
    {{- if and (eq $part "actuator") (eq $v.evidence.store "volume") }}
    - name: evidence
      persistentVolumeClaim:
        claimName: {{ $v.evidence.volume.existingClaim }}
    {{- end }}
    - name: tmp
      emptyDir:
        sizeLimit: 256Mi
{{- end -}}

{{- define "kordon.connect.several" -}}
{{- if or (gt (include "kordon.replicas" (list . "connect") | int) 1) (ne .Values.connect.autoscaling.by "none") }}true{{ end -}}
{{- end -}}

{{- /* Data of a part's ConfigMap. */ -}}
{{- define "kordon.configData" -}}
kordon.yaml: |
  {{- include "kordon.settings" . | nindent 2 }}
{{- $placeholders := (index . 0).Values.rules.placeholders }}
{{- if and (eq (index . 1) "streams") $placeholders }}
placeholders.yaml: |
  {{- toYaml $placeholders | nindent 2 }}
{{- end }}
{{- end -}}
