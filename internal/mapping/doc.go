// Package mapping says which column of a file feeds which field of a contact.
//
// # Suggestions
//
// [Suggest] reads headers as people and systems write them, in Portuguese, Spanish and English, and as far as
// it goes in German, French, Italian, Dutch, Polish and Catalan, together with sample values:
//
//   - A header is cut into words (token.go), and the words into pieces that the word lists know (atom.go,
//     lexicon/), despite missing spaces, abbreviations and slips of the pen.
//   - Each piece is a concept (concept.go): a head such as "phone", or a word that says whose, which, or that
//     the column is about the thing ("type", "date", "mother"). Rules (reading.go, merge.go) make one meaning
//     of them, or find that the column is no contact field, which is as good an answer.
//   - Values speak for a field or against it (values.go, cell.go, number.go, fit.go).
//   - Neighbours settle the rest (settle.go, persons.go): "Nome" beside "Sobrenome", one of several addresses,
//     whose e-mail it is. One column keeps a field that takes one (compete.go).
//   - The workspace's own fields and saved mappings go before all that (own.go).
//
// What is sure is taken, what is likely is offered and has to be confirmed, and the rest stays open: a wrong
// field costs more than an open one. The order of the columns does not matter, nor do capitals and accents.
//
// # The document
//
// A [Mapping] is what a person decided, with the options of each column; [Mapping.Validate] holds it to the
// rules between columns. [Fingerprint] finds it again when the same headers come back.
package mapping
