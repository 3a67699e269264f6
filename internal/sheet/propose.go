package sheet

import (
	"errors"
	"io"
)

// proposeRows is how many rows of a sheet are looked at to see whether it holds a table.
const proposeRows = 20

// Propose gives the sheet that a person most likely means: the first that can be seen and has a table (two rows or
// more of two cells or more), else the first that can be seen and has anything, else the same among hidden sheets.
// -1: no sheet has a row.
func Propose(b Book) (int, error) {
	best, rank := -1, 0
	for i, info := range b.Sheets() {
		if info.Kind != Worksheet {
			continue
		}
		weight, err := weigh(b, i)
		if err != nil {
			return -1, err
		}
		if weight > 0 && info.State == Visible {
			weight += 2
		}
		if weight > rank {
			best, rank = i, weight
		}
		if rank == 4 {
			break
		}
	}
	return best, nil
}

// weigh gives 2 for a table, 1 for anything else, 0 for an empty sheet.
func weigh(b Book, i int) (int, error) {
	r, err := b.Rows(i)
	if err != nil {
		return 0, err
	}
	defer func() { _ = r.Close() }()
	var row Row
	rows, wide := 0, 0
	for rows < proposeRows && wide < 2 {
		if err := r.Next(&row); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return 0, err
		}
		rows++
		if len(row.Cells) > 1 {
			wide++
		}
	}
	switch {
	case wide > 1:
		return 2, nil
	case rows > 0:
		return 1, nil
	}
	return 0, nil
}
