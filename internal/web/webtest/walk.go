package webtest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed axe/axe.min.js
var axe string

// Go opens a path of the server.
func (b *Browser) Go(path string) {
	b.T.Helper()
	b.do(chromedp.Navigate(b.URL + path))
}

// Click clicks the first visible element that matches a CSS selector, as a person does, and counts it.
func (b *Browser) Click(selector string) {
	b.T.Helper()
	b.Clicks++
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); err != nil {
		b.T.Fatalf("click %s: %v\nat %s\n%s", selector, err, b.Path(), b.short())
	}
}

// Type types into an element, and counts the keys.
func (b *Browser) Type(selector, text string) {
	b.T.Helper()
	b.Typed += len([]rune(text))
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.SendKeys(chromedp.CSS(selector), text, chromedp.NodeVisible)); err != nil {
		b.T.Fatalf("type into %s: %v\nat %s\n%s", selector, err, b.Path(), b.short())
	}
}

// Fill empties an element and types into it.
func (b *Browser) Fill(selector, text string) {
	b.T.Helper()
	b.See(selector)
	Eval[bool](b, `(e=>{e.value="";e.dispatchEvent(new Event("input",{bubbles:true}));return true})(document.querySelector(`+quote(selector)+`))`)
	b.Type(selector, text)
}

// Key presses one key of the keyboard on whatever has the focus, and counts it: "Enter", "Escape", "ArrowDown", "Tab", "/".
func (b *Browser) Key(name string) {
	b.T.Helper()
	b.Typed++
	keys := map[string]string{"Enter": kb.Enter, "Escape": kb.Escape, "ArrowDown": kb.ArrowDown, "ArrowUp": kb.ArrowUp, "ArrowLeft": kb.ArrowLeft,
		"ArrowRight": kb.ArrowRight, "Tab": kb.Tab, "Space": " "}
	k, ok := keys[name]
	if !ok {
		k = name
	}
	b.until("loaded", func() bool { // keys are heard once the scripts have run
		done, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`document.readyState==="complete"`))
		return err == nil && done
	})
	b.do(chromedp.KeyEvent(k))
}

// Choose picks an option of a select by its value.
func (b *Browser) Choose(selector, value string) {
	b.T.Helper()
	b.Clicks++
	b.See(selector)
	ok := Eval[bool](b, fmt.Sprintf(`(()=>{const s=document.querySelector(%s);s.value=%s;s.dispatchEvent(new Event("input",{bubbles:true}));s.dispatchEvent(new Event("change",{bubbles:true}));return s.value===%s})()`,
		quote(selector), quote(value), quote(value)))
	if !ok {
		b.T.Fatalf("%s has no option %q\nat %s", selector, value, b.Path())
	}
}

// Upload gives files to a file input. It counts as one click: the person chose the file.
func (b *Browser) Upload(selector string, files ...string) {
	b.T.Helper()
	b.Clicks++
	b.do(chromedp.SetUploadFiles(chromedp.CSS(selector), files, chromedp.NodeReady))
}

// See waits until an element that matches a CSS selector is seen.
func (b *Browser) See(selector string) {
	b.T.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(selector))); err != nil {
		b.T.Fatalf("not seen: %s (%v)\nat %s\n%s", selector, err, b.Path(), b.short())
	}
}

// Gone waits until nothing matches a CSS selector.
func (b *Browser) Gone(selector string) {
	b.T.Helper()
	b.until("gone: "+selector, func() bool { return !b.Has(selector) })
}

// Read waits until the text is on the page.
func (b *Browser) Read(text string) {
	b.T.Helper()
	b.until("read: "+text, func() bool { return strings.Contains(b.Text("body"), text) })
}

// At waits until the path of the page begins with prefix.
func (b *Browser) At(prefix string) {
	b.T.Helper()
	b.until("at: "+prefix, func() bool { return strings.HasPrefix(b.Path(), prefix) })
}

// Until waits until a condition holds; what says it in words.
func (b *Browser) Until(what string, holds func() bool) {
	b.T.Helper()
	b.until(what, holds)
}

func (b *Browser) until(what string, holds func() bool) {
	b.T.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			b.T.Fatalf("waited in vain, %s\nat %s\n%s", what, b.Path(), b.short())
		}
	}
}

// Has tells whether an element matches a CSS selector now.
func (b *Browser) Has(selector string) bool {
	n, err := b.evalNumber(`document.querySelectorAll(` + quote(selector) + `).length`)
	return err == nil && n > 0
}

// Count gives how many elements match.
func (b *Browser) Count(selector string) int {
	b.T.Helper()
	n, err := b.evalNumber(`document.querySelectorAll(` + quote(selector) + `).length`)
	if err != nil {
		b.T.Fatal(err)
	}
	return int(n)
}

func (b *Browser) evalNumber(script string) (float64, error) {
	return chromedp.Run(b.ctx, chromedp.Evaluate[float64](script))
}

// Text gives what is read in the first element that matches, "" where there is none.
func (b *Browser) Text(selector string) string {
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`(document.querySelector(`+quote(selector)+`)||{}).innerText||""`))
	if err != nil {
		return "" // the page is being changed for another
	}
	return s
}

// Value gives the value of a control.
func (b *Browser) Value(selector string) string {
	b.T.Helper()
	return Eval[string](b, `(document.querySelector(`+quote(selector)+`)||{}).value||""`)
}

// Eval runs a script on the page and gives what it comes to.
func Eval[T any](b *Browser, script string) T {
	b.T.Helper()
	return run(b, chromedp.Evaluate[T](script))
}

// Focused gives the id of what has the focus.
func (b *Browser) Focused() string {
	b.T.Helper()
	return Eval[string](b, `(document.activeElement||{}).id||""`)
}

// Axe fails the test for each fault against accessibility (WCAG 2.2 A and AA, best practices) that axe-core finds on the page
// at hand, and where the page can be scrolled sideways.
func (b *Browser) Axe() {
	b.T.Helper()
	if b.look.NoScript {
		b.T.Fatal("axe needs scripts")
	}
	run(b, chromedp.Evaluate[any](axe+";0"))
	text := run(b, chromedp.Evaluate[string](`axe.run(document,{resultTypes:["violations"]}).then(r=>JSON.stringify(r.violations.map(v=>({id:v.id,help:v.help,nodes:v.nodes.slice(0,4).map(n=>n.html.slice(0,160)+" :: "+(n.any.concat(n.all,n.none)[0]||{}).message)}))))`,
		chromedp.EvalAwaitPromise))
	var found []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		b.T.Fatal(err)
	}
	for _, v := range found {
		b.T.Errorf("axe at %s (%d px): %s: %s\n  %s", b.Path(), b.look.Width, v.ID, v.Help, strings.Join(v.Nodes, "\n  "))
	}
	b.NoSideways()
}

// NoSideways fails the test where the page can be scrolled sideways.
func (b *Browser) NoSideways() {
	b.T.Helper()
	if over := Eval[float64](b, `document.documentElement.scrollWidth-document.documentElement.clientWidth`); over > 0 {
		wide := Eval[string](b, `[...document.querySelectorAll("body *")].filter(e=>e.getBoundingClientRect().right>innerWidth+1).slice(0,5).map(e=>e.outerHTML.slice(0,120)).join("\n  ")`)
		b.T.Errorf("%s can be scrolled %g px sideways at %d px:\n  %s", b.Path(), over, b.look.Width, wide)
	}
}

// Resize changes the width and height of the window.
func (b *Browser) Resize(width, height int64) {
	b.T.Helper()
	b.look.Width, b.look.Height = width, height
	b.do(chromedp.EmulateViewport(width, height))
}

// Dark changes between the light and the dark theme.
func (b *Browser) Dark(on bool) {
	b.T.Helper()
	b.look.Dark = on
	scheme := "light"
	if on {
		scheme = "dark"
	}
	b.do(media(scheme))
	if !b.look.NoScript {
		// The emulated scheme alone leaves inherited colours of light-dark() as they were on some elements.
		Eval[string](b, `document.documentElement.dataset.theme=`+quote(scheme))
	}
	b.settle()
}

// settle has every style computed anew, and waits until the page is drawn so: after a change of the theme the browser may keep a
// colour that is inherited.
func (b *Browser) settle() {
	b.T.Helper()
	if !b.look.NoScript {
		run(b, chromedp.Evaluate[float64](`new Promise(r=>{const d=document.documentElement;d.style.display="none";d.offsetHeight;d.style.display="";requestAnimationFrame(()=>requestAnimationFrame(()=>setTimeout(()=>r(0))))})`, chromedp.EvalAwaitPromise))
	}
}

// Everywhere does check on the page at hand at 1440 and 390 px, light and dark, then with axe, and takes the pictures.
func (b *Browser) Everywhere(name string) {
	b.T.Helper()
	was := b.look
	for _, width := range []int64{1440, 390} {
		for _, dark := range []bool{false, true} {
			b.Resize(width, 900)
			b.Dark(dark)
			b.Axe()
			b.Picture(name)
		}
	}
	b.Resize(360, 800)
	b.NoSideways()
	b.Resize(was.Width, was.Height)
	b.Dark(was.Dark)
}

// short gives the beginning of what is read on the page, for messages.
func (b *Browser) short() string {
	text := strings.Join(strings.Fields(b.Text("body")), " ")
	if len(text) > 600 {
		text = text[:600] + "…"
	}
	return text
}

func quote(s string) string { return strconv.Quote(s) }
