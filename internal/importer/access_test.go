package importer_test

import (
	"context"
	"reflect"
	"testing"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
)

// free lists the methods that ask nobody: they read nothing of a workspace but what they are given, or do the program's
// own housekeeping.
var free = map[string]bool{"Workers": true, "Sweep": true, "MayUndo": true, "KeptUntil": true, "ResultsUntil": true, "KnownOf": true}

// TestAccess: each exported method of the service refuses whoever is not signed in, an agent, a member of another
// workspace, and a token that may only read contacts; before it looks at anything else.
func TestAccess(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 10)
		imp := w.review(people(10), settings(upsert, "phone", peopleColumns...))
		actors := map[string]context.Context{
			"nobody":            context.Background(),
			"agent":             as(5, auth.Agent),
			"another workspace": auth.With(context.Background(), auth.Actor{Kind: auth.Person, Workspace: ws + 1, Member: 1, Role: auth.Admin, Scopes: auth.AllScopes}),
			"reading token":     auth.With(context.Background(), auth.Actor{Kind: auth.Token, Workspace: ws, Token: 1, Role: auth.Agent, Scopes: auth.ScopeRead}),
		}
		service := reflect.ValueOf(w.imports)
		for i := range service.NumMethod() {
			name := service.Type().Method(i).Name
			if free[name] {
				continue
			}
			for who, ctx := range actors {
				err := call(t, name, service.Method(i), ctx, imp)
				want := errs.Forbidden
				if who == "nobody" {
					want = errs.Unauthenticated
				}
				if errs.KindOf(err) != want {
					t.Errorf("%s by %s: %v", name, who, err)
				}
			}
		}
		if now, err := w.imports.Get(console(), ws, imp.ID); err != nil || now.State != importer.InReview {
			t.Errorf("something was done: %v, %v", now, err)
		}
	})
}

// call calls a method with the context, the workspace and the import where it takes them, and zero values else.
func call(t *testing.T, name string, method reflect.Value, ctx context.Context, imp *importer.Import) error {
	t.Helper()
	var args []reflect.Value
	workspaceGiven := false
	typ := method.Type()
	for i := range typ.NumIn() {
		v := reflect.Zero(typ.In(i))
		switch in := typ.In(i); {
		case in == reflect.TypeFor[context.Context]():
			v = reflect.ValueOf(ctx)
		case in == reflect.TypeFor[*importer.Import]():
			v = reflect.ValueOf(imp)
		case in == reflect.TypeFor[importer.ID]():
			v = reflect.ValueOf(imp.ID)
		case in.Kind() == reflect.Int64 && !workspaceGiven:
			v, workspaceGiven = reflect.ValueOf(ws).Convert(in), true
		}
		args = append(args, v)
	}
	call := method.Call
	if typ.IsVariadic() {
		call = method.CallSlice
	}
	out := call(args)
	if len(out) == 0 {
		t.Fatalf("%s gives no error", name)
	}
	err, _ := out[len(out)-1].Interface().(error)
	return err
}
