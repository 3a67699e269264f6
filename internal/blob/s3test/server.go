// Package s3test starts a real S3 server for a test: versitygw, which keeps objects as files. It is built from its source by the go
// command (scripts/tools/s3), so that nothing has to be installed.
package s3test

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cadastro/internal/blob"
)

// Server is a running server with one empty bucket.
type Server struct {
	Options blob.S3Options
	cmd     *exec.Cmd
	dir     string
	addr    string
	bin     string
}

const (
	accessKey = "cadastro"
	secretKey = "cadastro-test"
)

// Start starts a server that ends with the test. The program is built at the first call, which takes some minutes on a machine
// that has not built it before.
func Start(t testing.TB) *Server {
	t.Helper()
	bin, err := binary()
	if err != nil {
		t.Fatalf("the S3 server for tests cannot be built: %v", err)
	}
	s := &Server{bin: bin, dir: t.TempDir()}
	if err := os.MkdirAll(filepath.Join(s.dir, "data", "cadastro"), 0o755); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	l.Close()
	s.Options = blob.S3Options{Endpoint: "http://" + s.addr, Region: "us-east-1", Bucket: "cadastro", AccessKey: accessKey, SecretKey: secretKey}
	s.Run(t)
	t.Cleanup(s.Kill)
	return s
}

// Run starts the server again after [Server.Kill]; what it kept is there.
func (s *Server) Run(t testing.TB) {
	t.Helper()
	s.cmd = exec.Command(s.bin, "--quiet", "--port", s.addr, "--access", accessKey, "--secret", secretKey, "posix", "--sidecar", filepath.Join(s.dir, "meta"), filepath.Join(s.dir, "data"))
	if err := os.MkdirAll(filepath.Join(s.dir, "meta"), 0o755); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	s.cmd.Stdout, s.cmd.Stderr = &out, &out
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	client := http.Client{Timeout: time.Second}
	for range 200 {
		resp, err := client.Get("http://" + s.addr + "/")
		if err == nil {
			resp.Body.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.Kill()
	t.Fatalf("the S3 server did not start: %s", out.String())
}

// Kill ends the server at once, as a loss of power would.
func (s *Server) Kill() {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

// binary builds the server's program once and tells where it is.
var binary = sync.OnceValues(func() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	mod, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}
	root := filepath.Dir(strings.TrimSpace(string(mod)))
	cmd := exec.CommandContext(ctx, "go", "tool", "-modfile=scripts/tools/s3/go.mod", "-n", "versitygw")
	cmd.Dir = root
	var fault strings.Builder
	cmd.Stderr = &fault
	out, err := cmd.Output()
	if err != nil {
		return "", &buildError{err, fault.String()}
	}
	return strings.TrimSpace(string(out)), nil
})

type buildError struct {
	err  error
	said string
}

func (e *buildError) Error() string { return e.err.Error() + ": " + e.said }
func (e *buildError) Unwrap() error { return e.err }
