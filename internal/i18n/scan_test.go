package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// use is a place that asks for a text.
type use struct {
	where  string
	key    string
	prefix bool     // key is how the key begins
	args   []string // names of the arguments given, nil where they are not written out
}

// source is what the walk found.
type source struct {
	uses     []use
	unknown  []string
	literals map[string]bool // every string literal of the source

	fset  *token.FileSet
	pkgs  map[string]*pkg // by import path
	sinks map[string]sink // functions that take a code, by "path.Name"
}

type pkg struct {
	path   string
	files  []*ast.File
	consts map[string]ast.Expr
}

// sink is a function one of whose parameters is a code or a key. args is the index of the first pair of
// arguments, or -1.
type sink struct {
	index int
	class string // "error.", "issue." or "" for a text
	args  int
}

const errsPath = "cadastro/internal/errs"

// scan walks the Go source and the templates under dir. Tests, testdata (but for dir itself) and hidden folders are left out.
func scan(t *testing.T, dir string) *source {
	t.Helper()
	s := &source{literals: map[string]bool{}, fset: token.NewFileSet(), pkgs: map[string]*pkg{}, sinks: map[string]sink{
		errsPath + ".New":      {1, "error.", 2},
		errsPath + ".Wrap":     {2, "error.", 3},
		errsPath + ".NewIssue": {1, "issue.", 3},
	}}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	module := filepath.Join(here, root)
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != dir && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(s.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Logf("left out, it does not parse: %v", err)
			return nil
		}
		rel, err := filepath.Rel(module, filepath.Join(here, filepath.Dir(name)))
		if err != nil {
			return err
		}
		s.add(path.Join("cadastro", filepath.ToSlash(rel)), f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// A wrapper of a wrapper is known only after the inner one.
	for n := -1; n != len(s.sinks); {
		n = len(s.sinks)
		s.uses, s.unknown = nil, nil
		for _, p := range s.pkgs {
			for _, f := range p.files {
				s.walk(p, f)
			}
		}
	}
	s.scanTemplates(t, dir)
	return s
}

func (s *source) add(importPath string, f *ast.File) {
	p := s.pkgs[importPath]
	if p == nil {
		p = &pkg{path: importPath, consts: map[string]ast.Expr{}}
		s.pkgs[importPath] = p
	}
	p.files = append(p.files, f)
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if v, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
				s.literals[v] = true
			}
		case *ast.GenDecl:
			if n.Tok != token.CONST {
				break
			}
			for _, spec := range n.Specs {
				v := spec.(*ast.ValueSpec)
				for i, name := range v.Names {
					if i < len(v.Values) {
						p.consts[name.Name] = v.Values[i]
						if text, ok := s.constant(p, f, v.Values[i]); ok {
							s.literals[text] = true
						}
					}
				}
			}
		}
		return true
	})
}

// wants tells whether the source asks for key: by name, by one of its prefixes, or by a literal in a table.
func (s *source) wants(key string) bool {
	code := key
	for _, class := range []string{"error.", "issue."} {
		if c, ok := strings.CutPrefix(key, class); ok {
			code = c
		}
	}
	if s.literals[key] || s.literals[code] {
		return true
	}
	for _, u := range s.uses {
		if u.key == key || u.prefix && strings.HasPrefix(key, u.key) {
			return true
		}
	}
	return false
}

// walk finds the uses in one file, and the functions that hand a parameter on as a code.
func (s *source) walk(p *pkg, f *ast.File) {
	if p.path == errsPath {
		return
	}
	for _, decl := range f.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok {
			s.inspect(p, f, nil, decl)
			continue
		}
		s.inspect(p, f, &function{p: p, name: fn.Name.Name, typ: fn.Type, body: fn.Body}, fn)
	}
}

// function is the function, or the closure inside one, that a call stands in.
type function struct {
	p     *pkg
	outer *function
	name  string
	typ   *ast.FuncType
	body  *ast.BlockStmt
}

func (s *source) inspect(p *pkg, f *ast.File, in *function, root ast.Node) {
	names := map[*ast.FuncLit]string{}
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, r := range n.Rhs {
				if lit, ok := r.(*ast.FuncLit); ok && i < len(n.Lhs) {
					if id, ok := n.Lhs[i].(*ast.Ident); ok {
						names[lit] = id.Name
					}
				}
			}
		case *ast.FuncLit:
			s.inspect(p, f, &function{p: p, outer: in, name: names[n], typ: n.Type, body: n.Body}, n.Body)
			return false
		case *ast.CompositeLit:
			s.composite(p, f, in, n)
		case *ast.CallExpr:
			s.call(p, f, in, n)
		}
		return true
	})
}

// composite handles errs.Error{Code: …} and errs.Issue{Code: …}, alone or in a slice.
func (s *source) composite(p *pkg, f *ast.File, in *function, lit *ast.CompositeLit) {
	elements := []ast.Expr{lit}
	typ := lit.Type
	if a, ok := typ.(*ast.ArrayType); ok {
		typ, elements = a.Elt, lit.Elts
	}
	sel, ok := typ.(*ast.SelectorExpr)
	if !ok || s.imported(f, sel.X) != errsPath {
		return
	}
	class := map[string]string{"Error": "error.", "Issue": "issue."}[sel.Sel.Name]
	if class == "" {
		return
	}
	for _, e := range elements {
		c, ok := e.(*ast.CompositeLit)
		if !ok || e != ast.Expr(lit) && c.Type != nil {
			continue
		}
		for _, field := range c.Elts {
			if kv, ok := field.(*ast.KeyValueExpr); ok {
				if id, ok := kv.Key.(*ast.Ident); ok && id.Name == "Code" {
					s.use(p, f, in, kv.Value, class, nil)
				}
			}
		}
	}
}

// call handles a call of a sink.
func (s *source) call(p *pkg, f *ast.File, in *function, call *ast.CallExpr) {
	var to sink
	found := false
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		to, found = s.sinks[p.path+"."+fun.Name]
	case *ast.SelectorExpr:
		if from := s.imported(f, fun.X); from != "" {
			to, found = s.sinks[from+"."+fun.Sel.Name]
			break
		}
		if to, found = s.sinks[p.path+"."+fun.Sel.Name]; found {
			break
		}
		if fun.Sel.Name == "T" && len(call.Args) > 0 {
			to, found = sink{0, "", 1}, true
		}
		if fun.Sel.Name == "Has" && len(call.Args) == 1 {
			if _, literal := call.Args[0].(*ast.BasicLit); literal {
				to, found = sink{0, "", -1}, true
			}
		}
	}
	if !found || to.index >= len(call.Args) {
		return
	}
	var args []string
	if to.args >= 0 && call.Ellipsis == token.NoPos {
		args = s.argNames(p, f, call, to)
	}
	s.use(p, f, in, call.Args[to.index], to.class, args)
}

// argNames lists the names of a sink's pairs, nil where one is no constant.
func (s *source) argNames(p *pkg, f *ast.File, call *ast.CallExpr, to sink) []string {
	rest := call.Args[min(to.args, len(call.Args)):]
	names := []string{}
	if to.class == "issue." {
		names = append(names, "value")
	}
	counted := len(rest)%2 == 1
	if counted {
		rest = rest[1:]
	}
	for i := 0; i < len(rest); i += 2 {
		name, ok := s.constant(p, f, rest[i])
		if !ok {
			return nil
		}
		names = append(names, name)
	}
	if counted {
		names = append(names, "Count", "count")
	}
	return names
}

// use notes that code is asked for, where code can be told.
func (s *source) use(p *pkg, f *ast.File, in *function, code ast.Expr, class string, args []string) {
	at := s.fset.Position(code.Pos())
	where := strings.TrimPrefix(p.path, "cadastro/") + "/" + filepath.Base(at.Filename) + ":" + strconv.Itoa(at.Line)
	if text, ok := s.constant(p, f, code); ok {
		s.uses = append(s.uses, use{where: where, key: class + text, args: args})
		return
	}
	if sum, ok := code.(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		for left := sum.X; ; {
			if text, ok := s.constant(p, f, left); ok && text != "" {
				s.uses = append(s.uses, use{where: where, key: class + text, prefix: true, args: args})
				return
			}
			inner, ok := left.(*ast.BinaryExpr)
			if !ok {
				break
			}
			left = inner.X
		}
	}
	if id, ok := code.(*ast.Ident); ok && s.local(p, f, in, id.Name, class, args) {
		return
	}
	s.unknown = append(s.unknown, where)
}

// local follows a name inside its function: a parameter makes the function a sink, a variable has the values
// that are assigned to it.
func (s *source) local(p *pkg, f *ast.File, in *function, name, class string, args []string) bool {
	for fn := in; fn != nil; fn = fn.outer {
		index := 0
		for _, field := range fn.typ.Params.List {
			for _, param := range field.Names {
				if param.Name == name {
					if fn.name == "" {
						return false
					}
					s.sinks[p.path+"."+fn.name] = sink{index, class, -1}
					return true
				}
				index++
			}
		}
		if s.assigned(p, f, fn, name, class, args) {
			return true
		}
	}
	return false
}

// assigned uses every constant that fn assigns to the variable; false where there is none, or another value too.
func (s *source) assigned(p *pkg, f *ast.File, fn *function, name, class string, args []string) bool {
	var values []ast.Expr
	ast.Inspect(fn.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if id, ok := l.(*ast.Ident); ok && id.Name == name && len(n.Lhs) == len(n.Rhs) {
					values = append(values, n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, id := range n.Names {
				if id.Name == name && i < len(n.Values) {
					values = append(values, n.Values[i])
				}
			}
		}
		return true
	})
	for _, v := range values {
		if _, ok := s.constant(p, f, v); !ok {
			return false
		}
	}
	for _, v := range values {
		s.use(p, f, nil, v, class, args)
	}
	return len(values) > 0
}

// constant gives the text of a literal, a constant, a sum of them or a conversion of one.
func (s *source) constant(p *pkg, f *ast.File, e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		v, err := strconv.Unquote(e.Value)
		return v, err == nil && e.Kind == token.STRING
	case *ast.ParenExpr:
		return s.constant(p, f, e.X)
	case *ast.Ident:
		if v, ok := p.consts[e.Name]; ok {
			return s.constant(p, f, v)
		}
	case *ast.SelectorExpr:
		if other := s.pkgs[s.imported(f, e.X)]; other != nil {
			if v, ok := other.consts[e.Sel.Name]; ok && len(other.files) > 0 {
				return s.constant(other, other.files[0], v)
			}
		}
	case *ast.BinaryExpr:
		a, okA := s.constant(p, f, e.X)
		b, okB := s.constant(p, f, e.Y)
		return a + b, okA && okB && e.Op == token.ADD
	case *ast.CallExpr:
		if id, ok := e.Fun.(*ast.Ident); ok && len(e.Args) == 1 && id.Name == "string" {
			return s.constant(p, f, e.Args[0])
		}
	}
	return "", false
}

// imported gives the import path that a name stands for in f, "" for none.
func (s *source) imported(f *ast.File, e ast.Expr) string {
	id, ok := e.(*ast.Ident)
	if !ok {
		return ""
	}
	for _, spec := range f.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(p)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == id.Name {
			return p
		}
	}
	return ""
}
