package importer_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"cadastro/internal/db"
	"cadastro/internal/importer"
)

// lawSight: whatever a member brings, corrects, starts and takes back, the contacts of a group that is out of the member's
// sight stay as they are to the byte, and none joins them.
func lawSight(rt *rapid.T, t *testing.T, d *db.DB) {
	w := newWorld(t, d, rapid.IntRange(1, 8).Draw(rt, "chunk"))
	ana := w.manager()
	seed := settings(addAll, "phone", "nome=name", "fone=phone", "mail=email", "cpf=tax_id", "nasc=birth_date", "empresa=company", "tag=tags", "obs=notes", "id=external_id")
	w.do(townFile(rt, 6), seed)
	seed.Group = hiddenGroup
	w.do(townFile(rt, 8), seed)
	late := rapid.Bool().Draw(rt, "restricted after the review")
	if !late {
		w.restrict()
	}
	before := w.inside()
	set := townSettings(rt)
	set.Repeated = rapid.SampledFrom([]importer.Repeated{importer.RepeatedError, importer.RepeatedFirst, importer.RepeatedLast, importer.RepeatedJoin}).Draw(rt, "repeated")
	if rapid.IntRange(0, 9).Draw(rt, "group") == 0 {
		set.Group = hiddenGroup
	}
	text := townFile(rt, 25)
	imp := w.reviewAs(ana, text, set)
	var err error
	for range rapid.IntRange(0, 4).Draw(rt, "fixes") {
		f := importer.CellFix{Row: int64(rapid.IntRange(1, int(imp.Rows)).Draw(rt, "row")), Column: 1, Value: rapid.SampledFrom(townPhones).Draw(rt, "phone")}
		if imp, _, err = w.imports.FixCells(ana, ws, imp.ID, []importer.CellFix{f}); err != nil {
			rt.Fatal(err)
		}
	}
	if late {
		w.restrict()
	}
	imp = w.apply(imp)
	if after := w.inside(); !slices.Equal(before, after) {
		rt.Fatalf("%q\nwas\n%q\nof\n%s", after, before, text)
	}
	if !late && imp.Drifted != 0 {
		rt.Fatalf("%d rows came out otherwise than the review said\n%s", imp.Drifted, w.resultFile(imp))
	}
	w.sound()
	if imp.Counts.Imported+imp.Counts.Updated > 0 {
		if _, err := w.imports.Undo(ana, ws, imp.ID, nil); err != nil {
			rt.Fatal(err)
		}
	}
	if after := w.inside(); !slices.Equal(before, after) {
		rt.Fatal("the undoing changed them")
	}
}
