{{- /* Most templates take (list . PART), where PART is gateway, streams, actuator, inventory, connect, topics or dashboards. */ -}}

{{- /* Name of a part: kordon.name (list . "actuator"). Names of roles are cluster-wide, so the release's name is in them. */ -}}
{{- define "kordon.name" -}}
{{- $root := index . 0 -}}
{{- printf "%s-%s" ($root.Release.Name | trunc 50 | trimSuffix "-") (index . 1) -}}
{{- end -}}

{{- /* What selectors go by; never changes. */ -}}
{{- define "kordon.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: kordon
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "kordon.labels" -}}
{{- $root := index . 0 -}}
{{ include "kordon.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "kordon.metadata" -}}
{{- $root := index . 0 -}}
name: {{ include "kordon.name" . }}
namespace: {{ $root.Release.Namespace }}
labels:
  {{- include "kordon.labels" . | nindent 2 }}
{{- end -}}

{{- define "kordon.image" -}}
{{- with .Values.image -}}
{{- $name := .repository -}}
{{- if .registry }}{{ $name = printf "%s/%s" .registry .repository }}{{ end -}}
{{- if .digest -}}
{{ $name }}@{{ .digest }}
{{- else -}}
{{ $name }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "kordon.serviceAccount" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- (index $root.Values $part).serviceAccount.name | default (include "kordon.name" .) -}}
{{- end -}}

{{- /* Of the parts, those that run; a JSON list. */ -}}
{{- define "kordon.parts" -}}
{{- $on := list -}}
{{- range list "gateway" "streams" "actuator" "inventory" "connect" -}}
{{- if (index $.Values .).enabled }}{{ $on = append $on . }}{{ end -}}
{{- end -}}
{{- toJson $on -}}
{{- end -}}

{{- /* How many pods there are at least. */ -}}
{{- define "kordon.replicas" -}}
{{- $values := index (index . 0).Values (index . 1) -}}
{{- if eq (dig "autoscaling" "by" "none" $values) "none" -}}
{{- dig "replicas" 1 $values | int -}}
{{- else -}}
{{- $values.autoscaling.min | int -}}
{{- end -}}
{{- end -}}

{{- /* Port of an address as https://host:9243/path, else its scheme's. */ -}}
{{- define "kordon.port" -}}
{{- $host := regexReplaceAll "^[a-zA-Z]+://([^/]*).*$" . "${1}" -}}
{{- if regexMatch ":[0-9]+$" $host -}}
{{- regexFind "[0-9]+$" $host -}}
{{- else -}}
{{- ternary "443" "80" (hasPrefix "https:" .) -}}
{{- end -}}
{{- end -}}

{{- /* Whether somebody named a Secret or a ConfigMap; "true" or nothing. */ -}}
{{- define "kordon.given" -}}
{{- if or .existingSecret .existingConfigMap }}true{{ end -}}
{{- end -}}

{{- /* One file of a projected volume: (list SOURCE PATH). */ -}}
{{- define "kordon.projected" -}}
{{- $source := index . 0 -}}
{{- if $source.existingConfigMap }}
- configMap:
    name: {{ $source.existingConfigMap }}
{{- else }}
- secret:
    name: {{ $source.existingSecret }}
{{- end }}
    items:
      - {key: {{ $source.key | quote }}, path: {{ index . 1 | quote }}}
{{- end -}}
