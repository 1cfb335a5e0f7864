{{- /* Settings of a part that follow from the values, as YAML, one KEY: VALUE a line. No secret is among them. */ -}}
{{- define "kordon.derivedSettings" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- $v := $root.Values -}}
{{- $s := dict -}}
{{- if eq $part "dashboards" -}}
{{- $_ := set $s "kordon.kibana.url" $v.dashboards.url -}}
{{- with $v.dashboards.space }}{{ $_ := set $s "kordon.kibana.space" . }}{{ end -}}
{{- if not $v.dashboards.apiKeyKey -}}
{{- with $v.dashboards.username }}{{ $_ := set $s "kordon.kibana.username" . }}{{ end -}}
{{- end -}}
{{- if include "kordon.given" $v.dashboards.tls.ca }}{{ $_ := set $s "kordon.kibana.ca-file" "/etc/kordon/certificates/kibana-ca.crt" }}{{ end -}}
{{- else -}}
{{- $_ := set $s "kafka.bootstrap.servers" $v.kafka.bootstrapServers -}}
{{- $_ := set $s "kafka.security.protocol" $v.kafka.protocol -}}
{{- $_ := set $s "kordon.registry.url" $v.registry.url -}}
{{- $_ := set $s "kordon.topics.prefix" $v.topics.prefix -}}
{{- $_ := set $s "kordon.topics.partitions" ($v.topics.partitions | int64) -}}
{{- $_ := set $s "kordon.topics.replication" ($v.topics.replication | int64) -}}
{{- with $v.cluster }}{{ $_ := set $s "kordon.cluster" . }}{{ end -}}
{{- if include "kordon.given" $v.kafka.tls.ca -}}
{{- $_ := set $s "kafka.ssl.truststore.type" "PEM" -}}
{{- $_ := set $s "kafka.ssl.truststore.location" "/etc/kordon/certificates/kafka-ca.crt" -}}
{{- end -}}
{{- if $v.kafka.tls.client.existingSecret -}}
{{- $_ := set $s "kafka.ssl.keystore.type" "PEM" -}}
{{- $_ := set $s "kafka.ssl.keystore.location" "/etc/kordon/certificates/kafka.crt,/etc/kordon/certificates/kafka.key" -}}
{{- end -}}
{{- with $v.kafka.sasl.mechanism }}{{ $_ := set $s "kafka.sasl.mechanism" . }}{{ end -}}
{{- if include "kordon.given" $v.registry.tls.ca -}}
{{- $_ := set $s "registry.ssl.truststore.type" "PEM" -}}
{{- $_ := set $s "registry.ssl.truststore.location" "/etc/kordon/certificates/registry-ca.crt" -}}
{{- end -}}
{{- if $v.registry.tls.client.existingSecret -}}
{{- $_ := set $s "registry.ssl.keystore.type" "PEM" -}}
{{- $_ := set $s "registry.ssl.keystore.location" "/etc/kordon/certificates/registry.crt,/etc/kordon/certificates/registry.key" -}}
{{- end -}}
{{- if $v.registry.auth.existingSecret }}{{ $_ := set $s "registry.basic.auth.credentials.source" "USER_INFO" }}{{ end -}}
{{- end -}}
{{- if not (has $part (list "topics" "dashboards")) -}}
{{- $_ := set $s "kordon.metrics.host" "0.0.0.0" -}}
{{- $_ := set $s "kordon.metrics.port" 9090 -}}
{{- /* All of the grace that there is, but for the gateway's preStop and some room. */ -}}
{{- $_ := set $s "kordon.shutdown.timeout" (printf "%ds" (max 6 (sub ((index $v $part).terminationGracePeriodSeconds | int64) 15))) -}}
{{- end -}}
{{- if eq $part "gateway" -}}
{{- $_ := set $s "kordon.gateway.port" 8080 -}}
{{- /* what preStop does where Kubernetes can sleep by itself */ -}}
{{- if semverCompare "<1.30.0-0" $root.Capabilities.KubeVersion.Version }}{{ $_ := set $s "kordon.shutdown.delay" "5s" }}{{ end -}}
{{- if $v.gateway.tls.existingSecret -}}
{{- $_ := set $s "kordon.gateway.tls.certificate" "/etc/kordon/door/tls.crt" -}}
{{- $_ := set $s "kordon.gateway.tls.key" "/etc/kordon/door/tls.key" -}}
{{- $_ := set $s "kordon.gateway.tls.client-auth" $v.gateway.tls.clientAuth -}}
{{- if include "kordon.given" $v.gateway.tls.clientCa }}{{ $_ := set $s "kordon.gateway.tls.client-ca" "/etc/kordon/door/client-ca.crt" }}{{ end -}}
{{- end -}}
{{- if $v.gateway.credentials.existingSecret }}{{ $_ := set $s "kordon.gateway.credentials" (printf "/etc/kordon/credentials/%s" $v.gateway.credentials.key) }}{{ end -}}
{{- else if eq $part "streams" -}}
{{- with $v.streams.applicationId }}{{ $_ := set $s "kordon.streams.application-id" . }}{{ end -}}
{{- $_ := set $s "kordon.streams.state-dir" "/var/lib/kordon/streams" -}}
{{- $_ := set $s "kordon.streams.threads" ($v.streams.threads | int64) -}}
{{- $_ := set $s "kordon.streams.standbys" ($v.streams.standbys | int64) -}}
{{- $_ := set $s "kafka.main.consumer.session.timeout.ms" (mul 1000 ($v.streams.sessionTimeoutSeconds | int64)) -}}
{{- $_ := set $s "kordon.rules.paths" (include "kordon.paths" (list $root "rules")) -}}
{{- $_ := set $s "kordon.playbooks.paths" (include "kordon.paths" (list $root "playbooks")) -}}
{{- if $v.rules.placeholders }}{{ $_ := set $s "kordon.rules.placeholders" "/etc/kordon/config/placeholders.yaml" }}{{ end -}}
{{- else if eq $part "actuator" -}}
{{- $_ := set $s "kordon.actuator.protected-namespaces" (join "," $v.actuator.protectedNamespaces) -}}
{{- $_ := set $s "kordon.actuator.min-healthy" ($v.actuator.minHealthy | int64) -}}
{{- $_ := set $s "kordon.actuator.dry-run" $v.actuator.dryRun -}}
{{- $steps := list -}}
{{- range $step, $on := $v.actuator.steps }}{{ if $on }}{{ $steps = append $steps $step }}{{ end }}{{ end -}}
{{- $_ := set $s "kordon.actuator.steps" (join "," $steps | default "none") -}}
{{- $_ := set $s "kordon.evidence.spool-dir" "/var/lib/kordon/spool" -}}
{{- $_ := set $s "kordon.evidence.max-bundle-size" $v.evidence.maxBundleSize -}}
{{- if eq $v.evidence.store "volume" -}}
{{- $_ := set $s "kordon.evidence.store" "/var/lib/kordon/evidence" -}}
{{- else if eq $v.evidence.store "s3" -}}
{{- with $v.evidence.s3 -}}
{{- $_ := set $s "kordon.evidence.store" (printf "s3://%s/%s" .bucket .prefix | trimSuffix "/") -}}
{{- with .endpoint }}{{ $_ := set $s "kordon.evidence.s3-endpoint" . }}{{ end -}}
{{- with .region }}{{ $_ := set $s "kordon.evidence.s3-region" . }}{{ end -}}
{{- $_ := set $s "kordon.evidence.s3-path-style" .pathStyle -}}
{{- with .lockMode -}}
{{- $_ := set $s "kordon.evidence.lock-mode" . -}}
{{- $_ := set $s "kordon.evidence.lock-days" ($v.evidence.s3.lockDays | int64) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- else if eq $part "connect" -}}
{{- $_ := set $s "kordon.elasticsearch.urls" (join "," $v.elasticsearch.urls) -}}
{{- $_ := set $s "kordon.elasticsearch.index-prefix" $v.elasticsearch.indexPrefix -}}
{{- if not $v.elasticsearch.apiKeyKey -}}
{{- with $v.elasticsearch.username }}{{ $_ := set $s "kordon.elasticsearch.username" . }}{{ end -}}
{{- end -}}
{{- if include "kordon.given" $v.elasticsearch.tls.ca }}{{ $_ := set $s "kordon.elasticsearch.ca-file" "/etc/kordon/certificates/elasticsearch-ca.crt" }}{{ end -}}
{{- if $v.elasticsearch.tls.client.existingSecret -}}
{{- $_ := set $s "kordon.elasticsearch.certificate-file" "/etc/kordon/certificates/elasticsearch.crt" -}}
{{- $_ := set $s "kordon.elasticsearch.key-file" "/etc/kordon/certificates/elasticsearch.key" -}}
{{- end -}}
{{- $_ := set $s "kordon.connect.group-id" $v.connect.groupId -}}
{{- $_ := set $s "kordon.connect.port" 8083 -}}
{{- if include "kordon.connect.several" $root }}{{ $_ := set $s "kordon.connect.host" "0.0.0.0" }}{{ end -}}
{{- $_ := set $s "kordon.connect.tasks" ($v.connect.tasks | int64) -}}
{{- end -}}
{{- toYaml $s -}}
{{- end -}}

{{- /* All settings of a part: those above, those of all processes, those of the part. */ -}}
{{- define "kordon.settings" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- $settings := include "kordon.derivedSettings" . | fromYaml -}}
{{- range $given := list $root.Values.settings (dig "settings" (dict) (index $root.Values $part)) -}}
{{- range $key, $value := $given }}{{ $_ := set $settings $key $value }}{{ end -}}
{{- end -}}
{{- range $key, $value := $settings }}
{{ $key }}: {{ include "kordon.scalar" $value }}
{{- end -}}
{{- end -}}

{{- /* Whole numbers without the exponent that Helm writes them with. */ -}}
{{- define "kordon.scalar" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) -}}
{{ . | int64 }}
{{- else if kindIs "string" . -}}
{{ . | quote }}
{{- else -}}
{{ . }}
{{- end -}}
{{- end -}}

{{- /* Folders of rules or playbooks: kordon.paths (list . "rules"). */ -}}
{{- define "kordon.paths" -}}
{{- $kind := index . 1 -}}
{{- $values := index (index . 0).Values $kind -}}
{{- $paths := list -}}
{{- if $values.builtIn }}{{ $paths = append $paths (ternary "/opt/kordon/rules" "/opt/kordon/rules/playbooks" (eq $kind "rules")) }}{{ end -}}
{{- if or $values.inline (not (or $values.builtIn $values.existingConfigMaps)) }}{{ $paths = append $paths (printf "/etc/kordon/%s/inline" $kind) }}{{ end -}}
{{- range $values.existingConfigMaps }}{{ $paths = append $paths (printf "/etc/kordon/%s/from-%s" $kind .) }}{{ end -}}
{{- join "," $paths -}}
{{- end -}}

{{- /* Files of the projected volume of secrets: each one's name is a setting's key. */ -}}
{{- define "kordon.secretSources" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- $v := $root.Values -}}
{{- if eq $part "dashboards" -}}
{{- with $v.dashboards -}}
{{- if .existingSecret -}}
{{- if .apiKeyKey }}{{ include "kordon.projected" (list (dict "existingSecret" .existingSecret "key" .apiKeyKey) "kordon.kibana.api-key") }}
{{- else }}{{ include "kordon.projected" (list (dict "existingSecret" .existingSecret "key" .passwordKey) "kordon.kibana.password") }}{{ end -}}
{{- end -}}
{{- end -}}
{{- else -}}
{{- if $v.kafka.sasl.existingSecret }}{{ include "kordon.projected" (list $v.kafka.sasl "kafka.sasl.jaas.config") }}{{ end -}}
{{- if $v.registry.auth.existingSecret }}{{ include "kordon.projected" (list $v.registry.auth "registry.basic.auth.user.info") }}{{ end -}}
{{- if and (eq $part "connect") $v.elasticsearch.existingSecret -}}
{{- with $v.elasticsearch -}}
{{- if .apiKeyKey }}{{ include "kordon.projected" (list (dict "existingSecret" .existingSecret "key" .apiKeyKey) "kordon.elasticsearch.api-key") }}
{{- else }}{{ include "kordon.projected" (list (dict "existingSecret" .existingSecret "key" .passwordKey) "kordon.elasticsearch.password") }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if and (eq $part "actuator") (eq $v.evidence.store "s3") $v.evidence.s3.existingSecret -}}
{{- with $v.evidence.s3 -}}
{{- include "kordon.projected" (list (dict "existingSecret" .existingSecret "key" .accessKeyKey) "kordon.evidence.s3-access-key") -}}
{{- include "kordon.projected" (list (dict "existingSecret" .existingSecret "key" .secretKeyKey) "kordon.evidence.s3-secret-key") -}}
{{- end -}}
{{- end -}}
{{- range $v.secrets }}{{ include "kordon.projected" (list . .setting) }}{{ end -}}
{{- end -}}
{{- end -}}

{{- /* Certificates of authorities, and Kordon's own with their keys, in one folder; a process takes up what changes there. */ -}}
{{- define "kordon.certificateSources" -}}
{{- $part := index . 1 -}}
{{- $v := (index . 0).Values -}}
{{- if eq $part "dashboards" -}}
{{- if include "kordon.given" $v.dashboards.tls.ca }}{{ include "kordon.projected" (list $v.dashboards.tls.ca "kibana-ca.crt") }}{{ end -}}
{{- else -}}
{{- if include "kordon.given" $v.kafka.tls.ca }}{{ include "kordon.projected" (list $v.kafka.tls.ca "kafka-ca.crt") }}{{ end -}}
{{- if include "kordon.given" $v.registry.tls.ca }}{{ include "kordon.projected" (list $v.registry.tls.ca "registry-ca.crt") }}{{ end -}}
{{- $clients := dict "kafka" $v.kafka.tls.client "registry" $v.registry.tls.client -}}
{{- if eq $part "connect" -}}
{{- if include "kordon.given" $v.elasticsearch.tls.ca }}{{ include "kordon.projected" (list $v.elasticsearch.tls.ca "elasticsearch-ca.crt") }}{{ end -}}
{{- $_ := set $clients "elasticsearch" $v.elasticsearch.tls.client -}}
{{- end -}}
{{- range $name, $client := $clients -}}
{{- if $client.existingSecret -}}
{{- include "kordon.projected" (list (dict "existingSecret" $client.existingSecret "key" $client.certificate) (printf "%s.crt" $name)) -}}
{{- include "kordon.projected" (list (dict "existingSecret" $client.existingSecret "key" $client.key) (printf "%s.key" $name)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* The gateway's own certificate, and the authorities of the senders'. */ -}}
{{- define "kordon.doorSources" -}}
{{- if eq (index . 1) "gateway" -}}
{{- with (index . 0).Values.gateway -}}
{{- if .tls.existingSecret -}}
{{- include "kordon.projected" (list (dict "existingSecret" .tls.existingSecret "key" .tls.certificate) "tls.crt") -}}
{{- include "kordon.projected" (list (dict "existingSecret" .tls.existingSecret "key" .tls.key) "tls.key") -}}
{{- if include "kordon.given" .tls.clientCa }}{{ include "kordon.projected" (list .tls.clientCa "client-ca.crt") }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
