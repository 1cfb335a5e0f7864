{{- /* Name of a part: kordon.name (list . "actuator"). Names of roles are cluster-wide, so the release's name is in them. */ -}}
{{- define "kordon.name" -}}
{{- $root := index . 0 -}}
{{- printf "%s-%s" ($root.Release.Name | trunc 50 | trimSuffix "-") (index . 1) -}}
{{- end -}}

{{- define "kordon.labels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: kordon
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "kordon.serviceAccount" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- (index $root.Values $part).serviceAccount.name | default (include "kordon.name" .) -}}
{{- end -}}

{{- /* The account of a part, unless it is there already, and the binding of its role. */ -}}
{{- define "kordon.account" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- $account := (index $root.Values $part).serviceAccount -}}
{{- if $account.create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "kordon.serviceAccount" . }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "kordon.labels" . | nindent 4 }}
  {{- with $account.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
---
{{- end }}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ include "kordon.name" . }}
  labels:
    {{- include "kordon.labels" . | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ include "kordon.name" . }}
subjects:
  - kind: ServiceAccount
    name: {{ include "kordon.serviceAccount" . }}
    namespace: {{ $root.Release.Namespace }}
{{- end -}}
