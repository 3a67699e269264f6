package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cadastro/internal/errs"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// partSize is how much is sent at once and kept in memory for each writer. A blob has at most 10,000 parts, so 160 GiB.
const partSize = 16 << 20

// S3Options say where an S3-compatible store is.
type S3Options struct {
	Endpoint  string // URL of the service, "https://s3.sa-east-1.amazonaws.com"
	Region    string // "" for the service's own
	Bucket    string // must be there
	Prefix    string // before every key, without a slash at the end; "" for none
	AccessKey string // "" for the credentials of the environment or the machine
	SecretKey string
}

// S3 keeps blobs as objects of one bucket.
//
// What differs from files: a reader of a blob that is replaced or deleted meanwhile fails with Busy "blob.changed", since the
// old content is gone; the work that reads is begun again.
type S3 struct {
	client *minio.Client
	bucket string
	prefix string
}

// NewS3 opens the store, and tells at once where the bucket cannot be reached. Uploads that programs left unfinished more
// than two days before now are removed.
func NewS3(ctx context.Context, o S3Options, now time.Time) (*S3, error) {
	u, err := url.Parse(o.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errs.New(errs.Invalid, "blob.s3_endpoint")
	}
	var creds *credentials.Credentials
	if o.AccessKey != "" {
		creds = credentials.NewStaticV4(o.AccessKey, o.SecretKey, "")
	} else {
		creds = credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}, &credentials.IAM{}})
	}
	client, err := minio.New(u.Host, &minio.Options{Creds: creds, Secure: u.Scheme == "https", Region: o.Region, MaxRetries: 5})
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "blob.s3_endpoint")
	}
	s := &S3{client: client, bucket: o.Bucket}
	if o.Prefix != "" {
		s.prefix = strings.Trim(o.Prefix, "/") + "/"
	}
	there, err := client.BucketExists(ctx, o.Bucket)
	if err != nil {
		return nil, s.explain(err, "open", "")
	}
	if !there {
		return nil, errs.New(errs.Invalid, "blob.s3_bucket", "bucket", o.Bucket)
	}
	s.sweep(ctx, now)
	return s, nil
}

// sweep removes what crashed programs left unfinished. That it fails harms nothing: the next start tries again.
func (s *S3) sweep(ctx context.Context, now time.Time) {
	for u := range s.client.ListIncompleteUploads(ctx, s.bucket, s.prefix, true) {
		if u.Err == nil && now.Sub(u.Initiated) > abandoned {
			_ = s.client.RemoveIncompleteUpload(ctx, s.bucket, u.Key)
		}
	}
}

// Create begins a blob. It is sent in parts while it is written, and made an object at Commit.
func (s *S3) Create(ctx context.Context, key string) (Writer, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out, in := io.Pipe()
	w := &s3Writer{ctx: ctx, store: s, key: key, pipe: in, done: make(chan error, 1)}
	// A pipe waits for its reader: what ends the context must end the writing too.
	w.stop = context.AfterFunc(ctx, func() { in.CloseWithError(ctx.Err()) })
	go func() {
		_, err := s.client.PutObject(ctx, s.bucket, s.prefix+key, out, -1, minio.PutObjectOptions{PartSize: partSize, ContentType: "application/octet-stream"})
		out.CloseWithError(errStopped) // so that a writer does not wait for a reader that has gone
		w.done <- err
	}()
	return w, nil
}

var (
	errAborted = errors.New("blob: aborted")
	errStopped = errors.New("blob: the upload has ended")
	errClosed  = errors.New("blob: written to after its end")
)

type s3Writer struct {
	ctx   context.Context
	store *S3
	key   string
	pipe  *io.PipeWriter
	done  chan error
	stop  func() bool
	over  bool
}

func (w *s3Writer) Write(p []byte) (int, error) {
	if w.over {
		return 0, errClosed
	}
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.pipe.Write(p)
	if errors.Is(err, errStopped) { // the cause is what the upload ended with
		cause := <-w.done
		w.done <- cause
		err = w.store.explain(cause, "write", w.key)
	}
	return n, err
}

func (w *s3Writer) Commit() error {
	if w.over {
		return errClosed
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	w.over = true
	w.stop()
	_ = w.pipe.Close()
	err := w.store.explain(<-w.done, "commit", w.key)
	if errs.CodeOf(err) == "blob.unreachable" {
		for _, fault := range w.store.List(w.ctx, w.key+"/") { // a service that keeps objects as files fails where there is a folder
			if fault != nil {
				break
			}
			return errs.Wrap(err, errs.Invalid, "blob.key", "key", w.key)
		}
	}
	return err
}

func (w *s3Writer) Abort() error {
	if w.over {
		return nil
	}
	w.over = true
	w.stop()
	_ = w.pipe.CloseWithError(errAborted)
	<-w.done // the parts that were sent are being removed
	return nil
}

// Open gives the content of a blob.
func (s *S3) Open(ctx context.Context, key string) (Reader, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	info, err := s.client.StatObject(ctx, s.bucket, s.prefix+key, minio.StatObjectOptions{})
	if err != nil {
		return nil, s.explain(err, "open", key)
	}
	return &s3Reader{ctx: ctx, store: s, key: key, tag: info.ETag, size: info.Size}, nil
}

// Delete removes a blob.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	err := s.client.RemoveObject(ctx, s.bucket, s.prefix+key, minio.RemoveObjectOptions{})
	if err = s.explain(err, "delete", key); errs.KindOf(err) == errs.NotFound {
		return nil
	}
	return err
}

// List goes through the blobs of a prefix.
func (s *S3) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		if _, err := folder(prefix); err != nil {
			yield(Info{}, err)
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel() // ends the listing where the loop is left
		for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix + prefix, Recursive: true}) {
			if o.Err != nil {
				yield(Info{}, s.explain(o.Err, "list", prefix))
				return
			}
			if strings.HasSuffix(o.Key, "/") {
				continue // a folder that some services tell of
			}
			if !yield(Info{Key: strings.TrimPrefix(o.Key, s.prefix), Size: o.Size, Modified: o.LastModified}, nil) {
				return
			}
		}
	}
}

// explain makes an answer of the service an error of this package.
func (s *S3) explain(err error, what, key string) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	answer := minio.ToErrorResponse(err)
	switch {
	case answer.Code == "NoSuchKey" || answer.Code == "NoSuchObject" || answer.StatusCode == http.StatusNotFound && answer.Code != "NoSuchBucket":
		return errs.New(errs.NotFound, "blob.not_found", "key", key)
	case answer.StatusCode == http.StatusPreconditionFailed:
		return errs.New(errs.Busy, "blob.changed", "key", key)
	case answer.Code == "ObjectParentIsFile" || answer.Code == "ExistingObjectIsDirectory" || answer.Code == "XMinioParentIsObject":
		return errs.Wrap(err, errs.Invalid, "blob.key", "key", key) // a service that keeps objects as files
	case answer.StatusCode == http.StatusInsufficientStorage || answer.Code == "QuotaExceeded" || answer.Code == "XMinioStorageFull":
		return errs.Wrap(err, errs.Busy, "blob.no_space")
	case answer.StatusCode == http.StatusForbidden || answer.Code == "NoSuchBucket" || answer.Code == "InvalidAccessKeyId" || answer.Code == "SignatureDoesNotMatch":
		return fmt.Errorf("blob store: %s %s: %w", what, key, err) // the settings are wrong: for the log
	}
	return errs.Wrap(err, errs.Busy, "blob.unreachable")
}
