package normalize

import "cadastro/internal/errs"

// The genders, and "" for none told.
const (
	Male        = "male"
	Female      = "female"
	OtherGender = "other"
)

// GenderColumn tells what the letter M means in one column: masculino, or mujer where the column has H for hombre
// too and no F. The zero value is ready.
type GenderColumn struct{ h, f, m bool }

// Add takes the next value of the column.
func (gc *GenderColumn) Add(raw string) {
	switch s := Trim(raw); s {
	case "H", "h":
		gc.h = true
	case "F", "f":
		gc.f = true
	case "M", "m":
		gc.m = true
	}
}

// WomanM tells that M stands for a woman.
func (gc *GenderColumn) WomanM() bool { return gc.h && gc.m && !gc.f }

// Gender reads a gender as [Male], [Female] or [OtherGender], "" for an empty cell or an undeclared one. womanM is
// the verdict of [GenderColumn]. Reject: gender.unknown.
func Gender(raw string, womanM bool) (string, []errs.Issue) {
	if womanM && (raw == "M" || raw == "m" || Fold(bare(raw)) == "m") {
		return Female, nil
	}
	v, issues := readWord(raw, genderWords, "gender.unknown")
	if v == "undeclared" {
		v = ""
	}
	return v, issues
}

var genderWords = func() map[string]string {
	m := words(map[string]string{
		Male:        "m masculino masc homem hombre h varon male man boy menino nino garcon homme mannlich mann maschio uomo sr ♂ 👨",
		Female:      "f feminino fem feminina femenino femenina mulher mujer female woman girl menina nina w weiblich frau femme femmina donna sra ♀ 👩",
		OtherGender: "outro outros outra otro otra other o x nb nao-binario nao-binaria nonbinary non-binary no-binario diverse divers autre altro trans travesti agenero",
		"undeclared": `nao-informado nao-declarado no-declarado indefinido unknown u i undisclosed ignorado
			prefiro-nao-dizer prefiro-nao-informar prefiero-no-decirlo prefiero-no-decir prefer-not-to-say`,
	})
	for w, v := range m { // the same with spaces
		spaced := []byte(w)
		for i, c := range spaced {
			if c == '-' {
				spaced[i] = ' '
			}
		}
		m[string(spaced)] = v
	}
	return m
}()
