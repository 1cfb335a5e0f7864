# The container image; everything else is ./mvnw and ./kordon. docs/image.md explains.
#
#   make image                             kordon:VERSION
#   make image BASE=my-jre:17              on another base
#   make image TAG=registry.example.org/kordon:1
#   make image-check                       holds the built image to what docs/image.md says of it

BASE ?= eclipse-temurin:17-jre
VERSION := $(shell sed -n 's:^  <version>\(.*\)</version>:\1:p' pom.xml)
TAG ?= kordon:$(VERSION)
REVISION ?= $(shell git rev-parse HEAD 2>/dev/null || echo unknown)
CREATED ?= $(shell sed -n 's:.*<project.build.outputTimestamp>\(.*\)</.*:\1:p' pom.xml)
ARCH ?= $(shell docker version --format '{{.Server.Arch}}')

.PHONY: image layers image-check

image: layers
	docker build --tag $(TAG) --build-arg BASE=$(BASE) --build-arg TARGETARCH=$(ARCH) \
	  --build-arg VERSION=$(VERSION) --build-arg REVISION=$(REVISION) --build-arg CREATED=$(CREATED) .

layers:
	./mvnw -B -q -Pimage -pl image -am package -DskipTests $(KORDON_MAVEN_ARGS)

image-check:
	docker/image-check $(TAG)
