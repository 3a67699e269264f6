package contact_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
)

// TestWhoMay calls every method that takes a workspace as nobody, as a member of another workspace, and as an actor without
// scopes: each must refuse before it looks at anything.
func TestWhoMay(t *testing.T) {
	each(t, func(w *world) {
		w.town()
		jobs := []string{"RunBulk", "CatchUp"} // which act for who asked, and are exported to tests alone
		actors := map[string]context.Context{
			"auth.signed_out": context.Background(),
			"auth.forbidden":  auth.With(context.Background(), auth.ConsoleActor(2)),
		}
		weak := auth.With(context.Background(), auth.Actor{Kind: auth.Token, Workspace: ws, Token: 1, Role: auth.Admin})
		before := w.dump()
		s, tried := reflect.ValueOf(w.s), 0
		for i := range s.NumMethod() {
			name, m := s.Type().Method(i).Name, s.Method(i)
			in := m.Type()
			if slices.Contains(jobs, name) || in.NumIn() < 2 || in.In(0) != reflect.TypeFor[context.Context]() || in.In(1).Kind() != reflect.Int64 {
				continue
			}
			tried++
			call := func(ctx context.Context) error {
				args := []reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(int64(ws))}
				for j := 2; j < in.NumIn(); j++ {
					args = append(args, reflect.Zero(in.In(j)))
				}
				out := m.Call(args)
				err, _ := out[len(out)-1].Interface().(error)
				return err
			}
			for code, ctx := range actors {
				if err := call(ctx); errs.CodeOf(err) != code {
					w.Errorf("%s: %v, want %s", name, err, code)
				}
			}
			if err := call(weak); errs.CodeOf(err) != "auth.forbidden" {
				w.Errorf("%s without scopes: %v", name, err)
			}
		}
		if tried < 40 {
			w.Errorf("%d methods only", tried)
		}
		if !slices.Equal(before, w.dump()) {
			w.Error("something was changed")
		}
	})
}
