package mapping

import "testing"

// BenchmarkSuggest maps fifty columns with a hundred sample rows.
func BenchmarkSuggest(b *testing.B) {
	var headers []string
	rows := make([][]string, 100)
	for _, name := range []string{"google-en", "bling", "sql-pt"} {
		for _, s := range readSystems(b) {
			if s.name != name {
				continue
			}
			for i := 0; i < len(s.headers) && len(headers) < 50; i++ {
				headers = append(headers, s.headers[i])
				for r := range rows {
					rows[r] = append(rows[r], s.rows[r%len(s.rows)][i])
				}
			}
		}
	}
	b.ResetTimer()
	for b.Loop() {
		Suggest(headers, rows, SuggestOptions{})
	}
}
