package i18n

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
)

// Match chooses the language for a reader who asked for accept: an Accept-Language header (RFC 9110, section
// 12.5.4), a language tag, or the value of the environment variable LANG ("pt_BR.UTF-8").
//
// Who asks for no language that we have gets the default one.
func Match(accept string) Lang {
	if !strings.ContainsAny(accept, ",;") {
		accept, _, _ = strings.Cut(accept, "@")
		accept, _, _ = strings.Cut(accept, ".")
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(wanted) == 0 {
		return Default
	}
	_, i, sure := matcher().Match(wanted...)
	if sure == language.No {
		return Default
	}
	return Langs()[i]
}

// matcher is built at its first use: not every command needs it.
var matcher = sync.OnceValue(func() language.Matcher {
	var tags []language.Tag
	for _, l := range Langs() {
		tags = append(tags, tagOf(l))
	}
	return language.NewMatcher(tags)
})
