package numfmt

import "strings"

// language is a set of names of months and days. The zero value is English.
type language uint8

const (
	english language = iota
	spanish
	portuguese
	french
	german
	italian
)

// languageOfID takes a Windows language identifier (MS-LCID); its low ten bits are the language.
func languageOfID(id uint16) language {
	switch id & 0x3FF {
	case 0x0A:
		return spanish
	case 0x16:
		return portuguese
	case 0x0C:
		return french
	case 0x07:
		return german
	case 0x10:
		return italian
	}
	return english
}

func languageOfTag(tag string) language {
	switch low := strings.ToLower(tag); {
	case strings.HasPrefix(low, "es"):
		return spanish
	case strings.HasPrefix(low, "pt"):
		return portuguese
	case strings.HasPrefix(low, "fr"):
		return french
	case strings.HasPrefix(low, "de"):
		return german
	case strings.HasPrefix(low, "it"):
		return italian
	}
	return english
}

// names are the months, from January, and the days, from Sunday, whole and short, as in the Unicode CLDR without
// the dots that it puts behind short forms.
type names struct{ months, monthsShort, days, daysShort []string }

func (l language) names() names {
	w := strings.Fields
	switch l {
	case spanish:
		return names{
			w("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
			w("ene feb mar abr may jun jul ago sep oct nov dic"),
			w("domingo lunes martes miércoles jueves viernes sábado"),
			w("dom lun mar mié jue vie sáb"),
		}
	case portuguese:
		return names{
			w("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
			w("jan fev mar abr mai jun jul ago set out nov dez"),
			w("domingo segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado"),
			w("dom seg ter qua qui sex sáb"),
		}
	case french:
		return names{
			w("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
			w("janv févr mars avr mai juin juil août sept oct nov déc"),
			w("dimanche lundi mardi mercredi jeudi vendredi samedi"),
			w("dim lun mar mer jeu ven sam"),
		}
	case german:
		return names{
			w("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
			w("Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez"),
			w("Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag"),
			w("So Mo Di Mi Do Fr Sa"),
		}
	case italian:
		return names{
			w("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
			w("gen feb mar apr mag giu lug ago set ott nov dic"),
			w("domenica lunedì martedì mercoledì giovedì venerdì sabato"),
			w("dom lun mar mer gio ven sab"),
		}
	}
	return names{
		w("January February March April May June July August September October November December"),
		w("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
		w("Sunday Monday Tuesday Wednesday Thursday Friday Saturday"),
		w("Sun Mon Tue Wed Thu Fri Sat"),
	}
}
