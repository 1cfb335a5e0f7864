{{- /* What the schema cannot say. All that is wrong at once, each line with the value's name and what to do. */ -}}
{{- define "kordon.validate" -}}
{{- $v := .Values -}}
{{- $bad := list -}}
{{- $parts := include "kordon.parts" . | fromJsonArray -}}
{{- if not $parts }}{{ $bad = append $bad "gateway, streams, actuator, inventory and connect are all off: enable one" }}{{ end -}}
{{- if not $v.cluster -}}
{{- range list "gateway" "inventory" "actuator" }}{{ if has . $parts }}{{ $bad = append $bad (printf "cluster is empty: %s needs the name of this Kubernetes cluster" .) }}{{ end }}{{ end -}}
{{- end -}}
{{- if not $v.kafka.bootstrapServers }}{{ $bad = append $bad "kafka.bootstrapServers is empty: name the brokers, as HOST:PORT,HOST:PORT" }}{{ end -}}
{{- if not $v.registry.url }}{{ $bad = append $bad "registry.url is empty: name the schema registry, as https://HOST:PORT" }}{{ end -}}
{{- if and $v.connect.enabled (not $v.elasticsearch.urls) }}{{ $bad = append $bad "elasticsearch.urls is empty: name Elasticsearch, as [https://HOST:9200], or set connect.enabled=false" }}{{ end -}}
{{- /* Kafka */ -}}
{{- $tls := hasSuffix "SSL" $v.kafka.protocol -}}
{{- $sasl := hasPrefix "SASL" $v.kafka.protocol -}}
{{- if and $sasl (not $v.kafka.sasl.mechanism) }}{{ $bad = append $bad (printf "kafka.sasl.mechanism is empty: kafka.protocol %s needs one, as SCRAM-SHA-512" $v.kafka.protocol) }}{{ end -}}
{{- if and $sasl (not $v.kafka.sasl.existingSecret) }}{{ $bad = append $bad (printf "kafka.sasl.existingSecret is empty: kafka.protocol %s needs a Secret with sasl.jaas.config" $v.kafka.protocol) }}{{ end -}}
{{- if and (not $sasl) (or $v.kafka.sasl.mechanism $v.kafka.sasl.existingSecret) }}{{ $bad = append $bad (printf "kafka.sasl is set, but kafka.protocol is %s: use SASL_SSL" $v.kafka.protocol) }}{{ end -}}
{{- if and (not $tls) (or (include "kordon.given" $v.kafka.tls.ca) $v.kafka.tls.client.existingSecret) }}{{ $bad = append $bad (printf "kafka.tls is set, but kafka.protocol is %s: use SSL or SASL_SSL" $v.kafka.protocol) }}{{ end -}}
{{- /* registry */ -}}
{{- if and (hasPrefix "http:" $v.registry.url) (or (include "kordon.given" $v.registry.tls.ca) $v.registry.tls.client.existingSecret) }}{{ $bad = append $bad "registry.tls is set, but registry.url begins with http:// : use https://" }}{{ end -}}
{{- range $name, $ca := dict "kafka.tls.ca" $v.kafka.tls.ca "registry.tls.ca" $v.registry.tls.ca "elasticsearch.tls.ca" $v.elasticsearch.tls.ca "dashboards.tls.ca" $v.dashboards.tls.ca "gateway.tls.clientCa" $v.gateway.tls.clientCa -}}
{{- if and $ca.existingSecret $ca.existingConfigMap }}{{ $bad = append $bad (printf "%s names a Secret and a ConfigMap: choose one" $name) }}{{ end -}}
{{- end -}}
{{- /* elasticsearch and kibana */ -}}
{{- range $name, $of := dict "elasticsearch" $v.elasticsearch "dashboards" $v.dashboards -}}
{{- if and $of.username (not $of.existingSecret) }}{{ $bad = append $bad (printf "%s.username is set without %s.existingSecret, which holds its password" $name $name) }}{{ end -}}
{{- if and $of.existingSecret (not $of.username) (not $of.apiKeyKey) }}{{ $bad = append $bad (printf "%s.existingSecret is set without %s.username, or %s.apiKeyKey" $name $name $name) }}{{ end -}}
{{- if and $of.apiKeyKey (not $of.existingSecret) }}{{ $bad = append $bad (printf "%s.apiKeyKey is set without %s.existingSecret" $name $name) }}{{ end -}}
{{- end -}}
{{- if and $v.dashboards.enabled (not $v.dashboards.url) }}{{ $bad = append $bad "dashboards.url is empty: name Kibana, as https://HOST:5601" }}{{ end -}}
{{- /* gateway */ -}}
{{- with $v.gateway -}}
{{- if and (ne .tls.clientAuth "none") (not .tls.existingSecret) }}{{ $bad = append $bad (printf "gateway.tls.clientAuth is %s, but gateway.tls.existingSecret is empty: without TLS nobody shows a certificate" .tls.clientAuth) }}{{ end -}}
{{- if and (ne .tls.clientAuth "none") (not (include "kordon.given" .tls.clientCa)) }}{{ $bad = append $bad (printf "gateway.tls.clientCa is empty: gateway.tls.clientAuth %s needs the authorities of the senders' certificates" .tls.clientAuth) }}{{ end -}}
{{- if and (eq .tls.clientAuth "none") (include "kordon.given" .tls.clientCa) }}{{ $bad = append $bad "gateway.tls.clientCa is set, but gateway.tls.clientAuth is none: use request or require" }}{{ end -}}
{{- if and .ingress.enabled (not .ingress.host) }}{{ $bad = append $bad "gateway.ingress.host is empty: without one it takes everybody's requests" }}{{ end -}}
{{- if and .route.enabled (not .route.parentRefs) }}{{ $bad = append $bad "gateway.route.parentRefs is empty: name the Gateway that the route belongs to" }}{{ end -}}
{{- if and .route.enabled (not (include "kordon.has" (list $ "gateway.networking.k8s.io/v1"))) }}{{ $bad = append $bad "gateway.route.enabled: this cluster has no gateway.networking.k8s.io/v1 (for `helm template`: --api-versions gateway.networking.k8s.io/v1, or name it in apiVersions)" }}{{ end -}}
{{- end -}}
{{- /* streams, connect */ -}}
{{- range $part := list "gateway" "streams" "connect" -}}
{{- $scaling := (index $v $part).autoscaling -}}
{{- if and (ne $scaling.by "none") (gt ($scaling.min | int) ($scaling.max | int)) }}{{ $bad = append $bad (printf "%s.autoscaling.min is %d, above its max, %d" $part ($scaling.min | int) ($scaling.max | int)) }}{{ end -}}
{{- if and (eq $scaling.by "lag") (not (include "kordon.has" (list $ "keda.sh/v1alpha1"))) }}{{ $bad = append $bad (printf "%s.autoscaling.by is lag: this cluster has no keda.sh/v1alpha1; install KEDA (for `helm template`: --api-versions keda.sh/v1alpha1, or name it in apiVersions)" $part) }}{{ end -}}
{{- end -}}
{{- $least := include "kordon.replicas" (list . "streams") | int -}}
{{- if and $v.streams.enabled (ge ($v.streams.standbys | int) $least) }}{{ $bad = append $bad (printf "streams.standbys is %d, but there may be only %d replica(s): a copy lies on another replica" ($v.streams.standbys | int) $least) }}{{ end -}}
{{- /* evidence */ -}}
{{- if and (eq $v.evidence.store "s3") (not $v.evidence.s3.bucket) }}{{ $bad = append $bad "evidence.s3.bucket is empty: evidence.store is s3" }}{{ end -}}
{{- if and (eq $v.evidence.store "volume") (not $v.evidence.volume.existingClaim) }}{{ $bad = append $bad "evidence.volume.existingClaim is empty: evidence.store is volume" }}{{ end -}}
{{- /* steps */ -}}
{{- $known := (.Files.Get "files/permissions.yaml" | fromYaml).actuator.steps -}}
{{- range $step, $on := $v.actuator.steps -}}
{{- if not (hasKey $known $step) }}{{ $bad = append $bad (printf "actuator.steps.%s: there is no step '%s'; there are %s" $step $step (keys $known | sortAlpha | join ", ")) }}
{{- else if not (kindIs "bool" $on) }}{{ $bad = append $bad (printf "actuator.steps.%s is %v: write true or false" $step $on) }}{{ end -}}
{{- end -}}
{{- /* kinds that the cluster must know */ -}}
{{- range $name := list "podMonitor" "rules" -}}
{{- if and (index $v.monitoring $name).enabled (not (include "kordon.has" (list $ "monitoring.coreos.com/v1"))) }}{{ $bad = append $bad (printf "monitoring.%s.enabled: this cluster has no monitoring.coreos.com/v1; install prometheus-operator's kinds (for `helm template`: --api-versions monitoring.coreos.com/v1, or name it in apiVersions)" $name) }}{{ end -}}
{{- end -}}
{{- /* free settings: not what a value is for, and no secret */ -}}
{{- $secret := "(password|secret|jaas|user\\.info|api-key|access-key|keystore\\.key$|\\.token$)" -}}
{{- $places := dict "settings" (list $v.settings "gateway" "streams" "actuator" "inventory" "connect" "topics") -}}
{{- range list "gateway" "streams" "actuator" "inventory" "connect" }}{{ $_ := set $places (printf "%s.settings" .) (list (index $v .).settings .) }}{{ end -}}
{{- range $place, $of := $places -}}
{{- range $key, $value := first $of -}}
{{- if regexMatch $secret $key }}{{ $bad = append $bad (printf "%s: %s may be a secret, which does not belong into values: put it into a Secret and name that in `secrets`" $place $key) }}
{{- else -}}
{{- range $part := rest $of }}{{ if and (or (has $part $parts) (eq $part "topics")) (hasKey (include "kordon.derivedSettings" (list $ $part) | fromYaml) $key) }}{{ $bad = append $bad (printf "%s: %s is made from other values: set those" $place $key) }}{{ end }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $key, $value := $v.pods.labels -}}
{{- if or (hasPrefix "kordon.io/" $key) (has $key (list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component")) }}{{ $bad = append $bad (printf "pods.labels: %s is the chart's own" $key) }}{{ end -}}
{{- end -}}
{{- range $key, $value := $v.pods.annotations -}}
{{- if hasPrefix "kordon.io/" $key }}{{ $bad = append $bad (printf "pods.annotations: %s is the chart's own" $key) }}{{ end -}}
{{- end -}}
{{- $seen := dict -}}
{{- range $v.mounts -}}
{{- if hasKey $seen .name }}{{ $bad = append $bad (printf "mounts: '%s' comes twice" .name) }}{{ end -}}
{{- $_ := set $seen .name true -}}
{{- end -}}
{{- if $bad }}{{ fail (printf "\nthese values of Kordon's chart are wrong:\n  %s\n" (uniq $bad | join "\n  ")) }}{{ end -}}
{{- end -}}

{{- /* Whether the cluster, or the value apiVersions, has a group and version: kordon.has (list . "keda.sh/v1alpha1"). */ -}}
{{- define "kordon.has" -}}
{{- $root := index . 0 -}}
{{- if or ($root.Capabilities.APIVersions.Has (index . 1)) (has (index . 1) $root.Values.apiVersions) }}true{{ end -}}
{{- end -}}
