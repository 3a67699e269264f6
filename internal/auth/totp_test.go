package auth

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/secret"
)

// code gives what an authenticator app shows for an enrolment now: it reads the URI, as an app does.
func (w *world) code(e Enrolment) string {
	w.t.Helper()
	u, err := url.Parse(e.URI)
	w.must(err)
	key, err := base32Plain.DecodeString(u.Query().Get("secret"))
	w.must(err)
	return totpCode(key, uint64(w.now().Unix()/30), totpDigits)
}

// TestVectors: RFC 6238, appendix B, and RFC 4226, appendix D.
func TestVectors(t *testing.T) {
	t.Parallel()
	key := []byte("12345678901234567890")
	for unix, want := range map[uint64]string{59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"} {
		if got := totpCode(key, unix/30, 8); got != want {
			t.Errorf("at %d: %s, want %s", unix, got, want)
		}
	}
	for counter, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		if got := totpCode(key, uint64(counter), 6); got != want {
			t.Errorf("count %d: %s, want %s", counter, got, want)
		}
	}
	now := time.Unix(1111111109, 0)
	for off := -3; off <= 3; off++ {
		code := totpCode(key, uint64(1111111109/30+off), 6)
		if step, ok := matchTOTP(key, code, now); ok != (off >= -1 && off <= 1) || ok && step != int64(1111111109/30+off) {
			t.Errorf("%d steps off: %v", off, ok)
		}
	}
}

func TestSecondFactor(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		m, ctx, _ := w.member(1, "ana@example.com", Agent)
		_, err := w.StartTOTP(ctx, nextPassword, home)
		w.want(err, "auth.wrong_credentials")
		e, err := w.StartTOTP(ctx, goodPassword, home)
		w.must(err)
		if !strings.HasPrefix(e.URI, "otpauth://totp/Cadastro:ana@example.com?") || !strings.Contains(e.URI, e.Secret) {
			t.Error(e.URI)
		}
		if n := w.count(`SELECT COUNT(*) FROM login WHERE totp IS NOT NULL AND length(totp) = 53`); n != 1 {
			t.Error("the secret is not sealed")
		}
		_, err = w.ConfirmTOTP(ctx, "000000")
		w.want(err, "auth.second_wrong")
		in, err := w.SignIn(none, "ana@example.com", goodPassword, home)
		w.must(err)
		if in.Second != "" {
			t.Error("a second factor that was not confirmed is asked for")
		}
		code := w.code(e)
		recovery, err := w.ConfirmTOTP(ctx, code[:3]+" "+code[3:])
		w.must(err)
		_, err = w.StartTOTP(ctx, goodPassword, home)
		w.want(err, "auth.second_on")

		first := func() string {
			t.Helper()
			in, err := w.SignIn(none, "ana@example.com", goodPassword, home)
			w.must(err)
			if in.Session != "" || in.Second == "" || in.Actor != (Actor{}) {
				t.Fatal("in without the second factor")
			}
			return in.Second
		}
		second := first()
		_, err = w.Authenticate(none, second)
		w.want(err, "auth.signed_out")
		_, err = w.LinkInfo(none, second)
		w.want(err, "auth.link_dead")
		_, err = w.Redeem(none, second, Redeem{Password: nextPassword}, home)
		w.want(err, "auth.link_dead")
		// The code that confirmed is used up, and those of steps before it.
		_, err = w.SecondStep(none, second, code, home)
		w.want(err, "auth.second_wrong")
		w.pass(30 * time.Second)
		// One code, many at once: one gets in.
		var all sync.WaitGroup
		got := make([]error, 4)
		seconds := []string{second, first(), first(), first()}
		code = w.code(e)
		for i := range got {
			all.Go(func() { _, got[i] = w.SecondStep(none, seconds[i], code, home) })
		}
		all.Wait()
		in1 := 0
		for _, err := range got {
			if err == nil {
				in1++
			} else {
				w.want(err, "auth.second_wrong")
			}
		}
		if in1 != 1 {
			t.Fatalf("%d got in by one code", in1)
		}
		w.pass(24 * time.Hour)

		// Recovery codes work once each, however they are typed.
		if len(recovery) != recoveryCodes {
			t.Fatal(recovery)
		}
		in, err = w.SecondStep(none, first(), strings.ToLower(strings.ReplaceAll(recovery[3], "-", " ")), home)
		w.must(err)
		_, err = w.SecondStep(none, first(), recovery[3], home)
		w.want(err, "auth.second_wrong")
		fresh, err := w.NewRecoveryCodes(w.as(in), recovery[4])
		w.must(err)
		_, err = w.SecondStep(none, first(), recovery[5], home)
		w.want(err, "auth.second_wrong")
		_, err = w.SecondStep(none, first(), fresh[0], home)
		w.must(err)

		// The first step is good for ten minutes and one session.
		late := first()
		w.pass(10 * time.Minute)
		_, err = w.SecondStep(none, late, w.code(e), home)
		w.want(err, "auth.link_dead")
		// A reset of the password leaves the second factor.
		reset, _, err := w.RequestReset(none, "ana@example.com", home)
		w.must(err)
		in, err = w.Redeem(none, reset.Link.Secret, Redeem{Password: nextPassword}, home)
		w.must(err)
		if in.Second == "" {
			t.Fatal("a reset goes round the second factor")
		}
		in, err = w.SecondStep(none, in.Second, w.code(e), home)
		w.must(err)
		w.pass(time.Minute)
		w.must(w.StopTOTP(w.as(in), w.code(e)))
		in, err = w.SignIn(none, "ana@example.com", nextPassword, home)
		w.must(err)
		if in.Session == "" || w.count(`SELECT COUNT(*) FROM recovery_code`) != 0 {
			t.Error("something is left of the second factor")
		}
		w.want(w.StopTOTP(w.as(in), "123456"), "auth.second_off")
		_ = m
	})
}

// TestSecondGuessing: codes cannot be tried out, from however many addresses.
func TestSecondGuessing(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		_, ctx, _ := w.member(1, "ana@example.com", Agent)
		e, err := w.StartTOTP(ctx, goodPassword, home)
		w.must(err)
		_, err = w.ConfirmTOTP(ctx, w.code(e))
		w.must(err)
		tried, refused := 0, 0
		for i := range 240 { // two hours
			w.pass(30 * time.Second)
			in, err := w.SignIn(none, "ana@example.com", goodPassword, Client{IP: fmt.Sprintf("203.0.113.%d", i)})
			w.must(err)
			_, err = w.SecondStep(none, in.Second, "000000", Client{IP: fmt.Sprintf("203.0.113.%d", i)})
			switch errs.CodeOf(err) {
			case "auth.second_wrong":
				tried++
			case "auth.too_many_tries":
				refused++
			default:
				t.Fatal(err)
			}
		}
		if tried > 20 || refused == 0 {
			t.Errorf("%d codes tried in two hours", tried)
		}
	})
}

func TestReseal(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		_, ctx, _ := w.member(1, "ana@example.com", Agent)
		_, _, _ = w.member(1, "rui@example.com", Agent)
		e, err := w.StartTOTP(ctx, goodPassword, home)
		w.must(err)
		_, err = w.ConfirmTOTP(ctx, w.code(e))
		w.must(err)
		// A sealed value that was copied to another person's row does not open.
		w.exec(`UPDATE login SET totp = (SELECT totp FROM login WHERE id = 1), totp_on_at = 1 WHERE id = 2`)
		w.pass(time.Minute)
		in, err := w.SignIn(none, "rui@example.com", goodPassword, home)
		w.must(err)
		_, err = w.SecondStep(none, in.Second, w.code(e), home)
		w.want(err, "secret.damaged")
		w.exec(`UPDATE login SET totp = NULL, totp_on_at = NULL WHERE id = 2`)

		ring, err := secret.Rotate(w.keys)
		w.must(err)
		w.opt.Keys = ring
		n, err := w.Service.Reseal(none)
		if err != nil || n != 1 {
			t.Fatalf("%d, %v", n, err)
		}
		n, err = w.Service.Reseal(none)
		if err != nil || n != 0 {
			t.Fatalf("again: %d, %v", n, err)
		}
		w.must(secret.DropOld(w.keys))
		w.opt.Keys, err = secret.OpenFile(w.keys)
		w.must(err)
		in, err = w.SignIn(none, "ana@example.com", goodPassword, home)
		w.must(err)
		_, err = w.SecondStep(none, in.Second, w.code(e), home)
		w.must(err)
		var sealed []byte
		w.must(w.d.Read(none, func(ctx context.Context, q db.Querier) error {
			return q.QueryRow(ctx, `SELECT totp FROM login WHERE id = 1`).Scan(&sealed)
		}))
		if strings.Contains(string(sealed), e.Secret) {
			t.Error("not sealed")
		}
	})
}
