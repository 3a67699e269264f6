package app_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"

	"cadastro/internal/app"
	"cadastro/internal/auth"
	"cadastro/internal/blob/s3test"
	"cadastro/internal/config"
	"cadastro/internal/importer"
	"cadastro/internal/table"
)

// TestFilesOnS3: a whole import with its file, plan and result in a bucket, and nothing of them in the data directory.
func TestFilesOnS3(t *testing.T) {
	t.Parallel()
	srv := s3test.Start(t)
	cfg, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	o := srv.Options
	cfg.Data = t.TempDir()
	cfg.S3 = config.S3{Endpoint: o.Endpoint, Region: o.Region, Bucket: o.Bucket, Prefix: "team", AccessKey: o.AccessKey, SecretKey: o.SecretKey}
	ctx := auth.With(context.Background(), auth.ConsoleActor(app.FirstWorkspace))
	a, err := app.Open(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	imp, err := a.Imports.Upload(ctx, app.FirstWorkspace, "clientes.csv", strings.NewReader("nome;celular\nAna Lima;11 98765-0001\nRui Dias;11 98765-0002\nVera;123\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	src, source, err := a.Imports.Source(ctx, imp)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	in, err := importer.Inspect(ctx, src, table.Dialect{}, app.Limits(&cfg), importer.Known{Country: "BR"})
	if err != nil {
		t.Fatal(err)
	}
	set := importer.Settings{Dialect: in.Guess.Dialect, Mapping: in.Mapping, Purpose: in.Purpose, Identifier: in.Identifier, Country: "BR", Language: "pt-BR"}
	if imp, err = a.Imports.Review(ctx, app.FirstWorkspace, imp.ID, set, nil); err != nil {
		t.Fatal(err)
	}
	if imp, err = a.Imports.Apply(ctx, app.FirstWorkspace, imp.ID, nil); err != nil || imp.Counts.Imported != 2 || imp.Counts.Errors != 1 {
		t.Fatalf("%+v %v", imp, err)
	}
	r, err := a.Imports.OpenResult(ctx, imp)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if text, err := io.ReadAll(r); err != nil || !strings.Contains(string(text), "Ana Lima") {
		t.Errorf("%q %v", text, err)
	}
	n := 0
	for info, err := range a.Blobs.List(ctx, "") {
		if n++; err != nil || info.Size == 0 {
			t.Errorf("%+v %v", info, err)
		}
	}
	if n < 3 {
		t.Errorf("%d files in the bucket", n)
	}
}
