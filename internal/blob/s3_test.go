package blob_test

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"cadastro/internal/blob"
	"cadastro/internal/blob/blobtest"
	"cadastro/internal/blob/s3test"
	"cadastro/internal/errs"
)

// TestS3 runs the suite of all stores, at the top of a bucket and beneath a prefix, and what only a service does.
func TestS3(t *testing.T) {
	t.Parallel()
	srv := s3test.Start(t)
	store := openS3(t, srv.Options)
	t.Run("suite", func(t *testing.T) { blobtest.Exercise(t, store) })
	t.Run("prefix", func(t *testing.T) { prefix(t, srv, store) })
	t.Run("changed", func(t *testing.T) { changed(t, store) })
	t.Run("settings", func(t *testing.T) { settings(t, srv.Options) })
	t.Run("away", func(t *testing.T) { away(t, srv, store) })
}

func openS3(t *testing.T, o blob.S3Options) *blob.S3 {
	t.Helper()
	s, err := blob.NewS3(t.Context(), o, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func putS3(t *testing.T, s blob.Store, key, content string) {
	t.Helper()
	w, err := s.Create(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
}

// prefix: two programs share a bucket and see nothing of each other.
func prefix(t *testing.T, srv *s3test.Server, top *blob.S3) {
	o := srv.Options
	o.Prefix = "one/part/"
	one := openS3(t, o)
	o.Prefix = "other"
	other := openS3(t, o)
	putS3(t, one, "a/b", "x")
	for range other.List(t.Context(), "") {
		t.Error("the other sees a blob")
	}
	n := 0
	for info, err := range one.List(t.Context(), "a") {
		if n++; err != nil || info.Key != "a/b" || info.Size != 1 {
			t.Errorf("%+v %v", info, err)
		}
	}
	if n != 1 {
		t.Errorf("%d blobs", n)
	}
	if err := one.Delete(t.Context(), "a/b"); err != nil {
		t.Error(err)
	}
}

// changed: a reader of what was replaced says so.
func changed(t *testing.T, s *blob.S3) {
	putS3(t, s, "k", "first")
	r, err := s.Open(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	putS3(t, s, "k", "other")
	if _, err := io.ReadAll(r); errs.CodeOf(err) != "blob.changed" || errs.KindOf(err) != errs.Busy {
		t.Errorf("%v", err)
	}
	if err := s.Delete(t.Context(), "k"); err != nil {
		t.Error(err)
	}
}

// settings: what is wrong is told at the start.
func settings(t *testing.T, good blob.S3Options) {
	for want, change := range map[string]func(*blob.S3Options){
		"blob.s3_endpoint": func(o *blob.S3Options) { o.Endpoint = "localhost" },
		"blob.s3_bucket":   func(o *blob.S3Options) { o.Bucket = "nowhere" },
	} {
		o := good
		change(&o)
		if _, err := blob.NewS3(t.Context(), o, time.Now()); errs.CodeOf(err) != want {
			t.Errorf("%s: %v", want, err)
		}
	}
	o := good
	o.SecretKey = "wrong"
	if _, err := blob.NewS3(t.Context(), o, time.Now()); err == nil {
		t.Error("a wrong key opens the store")
	}
}

// away: while the service is away the work is told to wait, and nothing is lost.
func away(t *testing.T, srv *s3test.Server, s *blob.S3) {
	putS3(t, s, "kept", "content")
	w, err := s.Create(t.Context(), "half")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(bytes.Repeat([]byte("x"), 1000)); err != nil {
		t.Fatal(err)
	}
	srv.Kill()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := w.Commit(); errs.CodeOf(err) != "blob.unreachable" || errs.KindOf(err) != errs.Busy {
		t.Errorf("Commit: %v", err)
	}
	if _, err := s.Open(ctx, "kept"); errs.CodeOf(err) != "blob.unreachable" {
		t.Errorf("Open: %v", err)
	}
	srv.Run(t)
	r, err := s.Open(t.Context(), "kept")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); string(got) != "content" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if _, err := s.Open(t.Context(), "half"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("half: %v", err)
	}
	if err := s.Delete(t.Context(), "kept"); err != nil {
		t.Error(err)
	}
}
