// Writes the databases that evidence's tests read, with bbolt itself: see README.md.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
)

var created = time.Date(2026, 11, 24, 10, 0, 0, 123456789, time.UTC)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run . FOLDER")
		os.Exit(2)
	}
	write("meta.db", meta)
	write("metadata.db", snapshots)
	write("large.db", large)
}

func write(name string, fill func(*bolt.Tx) error) {
	path := filepath.Join(os.Args[1], name)
	os.Remove(path)
	// Small pages keep the files small, and make trees of several levels of few entries.
	options := *bolt.DefaultOptions
	options.PageSize = 1024
	db := must(bolt.Open(path, 0o644, &options))
	db.AllocSize = 1024
	check(db.Update(fill))
	check(db.Close())
}

// The layout of containerd's metadata store, of the version after 1.6.
func meta(tx *bolt.Tx) error {
	v1 := must(tx.CreateBucket([]byte("v1")))
	check(v1.Put([]byte("version"), []byte{6}))
	k8s := must(v1.CreateBucket([]byte("k8s.io")))
	containers := must(k8s.CreateBucket([]byte("containers")))
	container(containers, "aaaa111111111111111111111111111111111111111111111111111111111111", "docker.io/library/shop:1", "app", "container", "web-1", "shop", "uid-1")
	container(containers, "bbbb222222222222222222222222222222222222222222222222222222222222", "registry.k8s.io/pause:3.9", "", "sandbox", "web-1", "shop", "uid-1")
	container(containers, "cccc333333333333333333333333333333333333333333333333333333333333", "docker.io/library/other:2", "other", "container", "other-0", "it", "uid-9")
	images := must(k8s.CreateBucket([]byte("images")))
	target := must(must(images.CreateBucket([]byte("docker.io/library/shop:1"))).CreateBucket([]byte("target")))
	check(target.Put([]byte("digest"), []byte("sha256:0631533e3e874f2242fff931529a8051d850ae32953d0168e57a8058a78db3f7")))
	overlay := must(must(k8s.CreateBucket([]byte("snapshots"))).CreateBucket([]byte("overlayfs")))
	for key, name := range map[string]string{
		"aaaa111111111111111111111111111111111111111111111111111111111111": "k8s.io/3/aaaa",
		"bbbb222222222222222222222222222222222222222222222222222222222222": "k8s.io/4/bbbb",
		"cccc333333333333333333333333333333333333333333333333333333333333": "k8s.io/5/cccc",
	} {
		check(must(overlay.CreateBucket([]byte(key))).Put([]byte("name"), []byte(name)))
	}
	return nil
}

func container(containers *bolt.Bucket, id, image, name, kind, pod, namespace, uid string) {
	c := must(containers.CreateBucket([]byte(id)))
	check(c.Put([]byte("image"), []byte(image)))
	check(c.Put([]byte("createdat"), must(created.MarshalBinary())))
	check(c.Put([]byte("snapshotter"), []byte("overlayfs")))
	check(c.Put([]byte("snapshotKey"), []byte(id)))
	check(c.Put([]byte("spec"), make([]byte, 3000)))
	labels := must(c.CreateBucket([]byte("labels")))
	for key, value := range map[string]string{
		"io.cri-containerd.kind":      kind,
		"io.kubernetes.pod.name":      pod,
		"io.kubernetes.pod.namespace": namespace,
		"io.kubernetes.pod.uid":       uid,
	} {
		check(labels.Put([]byte(key), []byte(value)))
	}
	if name != "" {
		check(labels.Put([]byte("io.kubernetes.container.name"), []byte(name)))
	}
}

// The layout of the overlayfs snapshotter's own store.
func snapshots(tx *bolt.Tx) error {
	all := must(must(tx.CreateBucket([]byte("v1"))).CreateBucket([]byte("snapshots")))
	for _, s := range []struct {
		name, parent string
		id           uint64
		kind         byte
	}{
		{"k8s.io/1/base", "", 1, 3},
		{"k8s.io/2/app", "k8s.io/1/base", 2, 3},
		{"k8s.io/3/aaaa", "k8s.io/2/app", 300, 2},
		{"k8s.io/4/bbbb", "k8s.io/1/base", 4, 2},
		{"k8s.io/5/cccc", "k8s.io/1/base", 5, 2},
	} {
		b := must(all.CreateBucket([]byte(s.name)))
		check(b.Put([]byte("id"), binary.AppendUvarint(nil, s.id)))
		check(b.Put([]byte("kind"), []byte{s.kind}))
		if s.parent != "" {
			check(b.Put([]byte("parent"), []byte(s.parent)))
		}
	}
	return nil
}

// A tree of several levels, with a value that goes on over pages, and a bucket in a bucket.
func large(tx *bolt.Tx) error {
	many := must(tx.CreateBucket([]byte("many")))
	for i := 0; i < 600; i++ {
		check(many.Put([]byte(fmt.Sprintf("key-%04d", i)), []byte(fmt.Sprintf("value-%d", i))))
	}
	value := make([]byte, 5000)
	for i := range value {
		value[i] = byte(i)
	}
	check(many.Put([]byte("wide"), value))
	return must(must(tx.CreateBucket([]byte("outer"))).CreateBucket([]byte("inner"))).Put([]byte("a"), []byte("b"))
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
