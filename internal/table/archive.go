package table

import (
	"context"
	"encoding/binary"
	"io"
	"path"
	"slices"
	"strings"

	"cadastro/internal/errs"

	"github.com/klauspost/compress/zip"
)

// A zip archive may list so many entries, in a directory of so many bytes: beyond, it is refused before the
// directory is read into memory.
const (
	maxEntries   = 10_000
	maxDirectory = 8 << 20
)

// archive is a zip file: a spreadsheet, or a parcel of other files.
type archive struct {
	z     *zip.Reader
	count *counter
}

// openArchive reads the directory of src.
func openArchive(ctx context.Context, src Source) (*archive, error) {
	entries, size := directory(src)
	if entries > maxEntries || size > maxDirectory {
		return nil, errs.New(errs.TooLarge, "file.too_many_entries", "limit", maxEntries)
	}
	count := &counter{}
	z, err := zip.NewReader(&countedAt{ctx, src.Data, count}, src.Size)
	if err != nil {
		return nil, inflateError(err)
	}
	if len(z.File) > maxEntries {
		return nil, errs.New(errs.TooLarge, "file.too_many_entries", "limit", maxEntries)
	}
	return &archive{z, count}, nil
}

// directory reads what the end record of a zip says of its directory (APPNOTE 6.3.10, 4.3.14 to 4.3.16): the
// number of entries and the bytes. It gives 0, 0 where it finds none.
func directory(src Source) (entries, size uint64) {
	const recordBytes, locatorBytes = 22, 20
	tail := make([]byte, min(src.Size, 1<<16+recordBytes+locatorBytes))
	if _, err := src.Data.ReadAt(tail, src.Size-int64(len(tail))); err != nil && err != io.EOF {
		return 0, 0
	}
	i := strings.LastIndex(string(tail), "PK\x05\x06")
	if i < 0 || i+recordBytes > len(tail) {
		return 0, 0
	}
	end := tail[i:]
	entries, size = uint64(binary.LittleEndian.Uint16(end[10:])), uint64(binary.LittleEndian.Uint32(end[12:]))
	if (entries == 0xFFFF || size == 0xFFFFFFFF) && i >= locatorBytes && string(tail[i-locatorBytes:i-locatorBytes+4]) == "PK\x06\x07" {
		var end64 [56]byte
		at := binary.LittleEndian.Uint64(tail[i-locatorBytes+8:])
		if at < uint64(src.Size) {
			if _, err := src.Data.ReadAt(end64[:], int64(at)); err == nil && string(end64[:4]) == "PK\x06\x06" {
				return binary.LittleEndian.Uint64(end64[32:]), binary.LittleEndian.Uint64(end64[40:])
			}
		}
	}
	return entries, size
}

// kind tells what the archive is: a spreadsheet's format, another document, or "" for a parcel of files.
func (a *archive) kind() (Format, content) {
	has := func(prefix string) bool {
		return slices.ContainsFunc(a.z.File, func(f *zip.File) bool {
			return strings.HasPrefix(strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/")), "/"), prefix)
		})
	}
	switch {
	case has("[content_types].xml") && has("xl/"):
		return XLSX, ""
	case has("[content_types].xml") && has("word/"):
		return "", "Word"
	case has("[content_types].xml") && has("ppt/"):
		return "", "PowerPoint"
	case has("content.xml") && has("mimetype") || has("content.xml") && has("meta-inf/manifest.xml"):
		return a.openDocument()
	case has("index/document.iwa") || has("index.zip"):
		return "", "iWork"
	case has("meta-inf/manifest.mf") || has("androidmanifest.xml"):
		return "", "JAR"
	}
	return "", ""
}

// openDocument tells a spreadsheet from the other documents of the OpenDocument family, by the member mimetype.
func (a *archive) openDocument() (Format, content) {
	for _, f := range a.z.File {
		if f.Name != "mimetype" {
			continue
		}
		r, err := f.Open()
		if err != nil {
			break
		}
		text, _ := io.ReadAll(io.LimitReader(r, 100))
		r.Close()
		if strings.Contains(string(text), "opendocument") && !strings.Contains(string(text), "spreadsheet") {
			return "", "OpenDocument"
		}
	}
	return ODS, ""
}

// files gives the members that a person put in: no folders, no traces of operating systems.
func (a *archive) files() []*zip.File {
	var files []*zip.File
	for _, f := range a.z.File {
		name := path.Clean(strings.ReplaceAll(f.Name, `\`, "/"))
		base := path.Base(name)
		switch {
		case strings.HasSuffix(f.Name, "/") || strings.HasSuffix(f.Name, `\`):
		case strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, "._"):
		case base == ".DS_Store" || strings.EqualFold(base, "thumbs.db") || strings.EqualFold(base, "desktop.ini"):
		default:
			files = append(files, f)
		}
	}
	return files
}

// only gives the one file of a parcel; several are the error file.several, which lists them.
func (a *archive) only() (*zip.File, error) {
	files := a.files()
	if len(files) == 0 {
		return nil, errs.New(errs.Invalid, "file.empty")
	}
	if len(files) > 1 {
		var names []string
		for _, f := range files[:min(len(files), 10)] {
			names = append(names, errs.Clip(path.Base(strings.ReplaceAll(f.Name, `\`, "/")), 80))
		}
		return nil, errs.New(errs.Invalid, "file.several", "names", strings.Join(names, ", "), "count", len(files))
	}
	const encrypted, aes = 1, 99
	f := files[0]
	switch {
	case f.Flags&encrypted != 0 || f.Method == aes:
		return nil, errs.New(errs.Invalid, "file.encrypted")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return nil, errs.New(errs.Invalid, "file.zip_method")
	}
	return f, nil
}

// open gives the bytes of f, counted.
func (a *archive) open(f *zip.File, lim Limits) (*stream, error) {
	r, err := f.Open()
	if err != nil {
		return nil, inflateError(err)
	}
	return &stream{Reader: &inflated{src: r, packed: a.count, limit: lim.Inflated}, count: a.count, close: r.Close}, nil
}

// countedAt counts what is read of a file, and stops once the context is done.
type countedAt struct {
	ctx   context.Context
	src   io.ReaderAt
	count *counter
}

func (c *countedAt) ReadAt(p []byte, off int64) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, errs.Wrap(err, errs.Cancelled, "cancelled")
	}
	n, err := c.src.ReadAt(p, off)
	c.count.n += int64(n)
	return n, err
}
