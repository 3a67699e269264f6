package xlsx

// farColumn is beyond every limit of columns.
const farColumn = 1 << 24

// parseRef reads a cell reference such as BC23: the column counted from 0, the row from 1 (0 where there is none).
func parseRef(b []byte) (col int, row int64, ok bool) {
	i := 0
	for i < len(b) && b[i] == '$' {
		i++
	}
	start := i
	for ; i < len(b); i++ {
		c := b[i] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		if col = col*26 + int(c-'a') + 1; col > farColumn {
			return farColumn, 0, true
		}
	}
	if i == start {
		return 0, 0, false
	}
	for i < len(b) && b[i] == '$' {
		i++
	}
	if i == len(b) {
		return col - 1, 0, true
	}
	row, ok = parseRow(b[i:])
	return col - 1, row, ok
}

// parseRow reads a row number from 1.
func parseRow(b []byte) (row int64, ok bool) {
	if len(b) == 0 || len(b) > 18 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		row = row*10 + int64(c-'0')
	}
	return row, row > 0
}
