package table

import "io"

// heldBack keeps the last rows of a table until it is known whether they are its footer, which is left out.
type heldBack struct {
	queue    []Row
	finished bool
}

// read gives the next row that has at least footer rows below it.
func (h *heldBack) read(row *Row, footer int, next func(*Row) error) error {
	for !h.finished && len(h.queue) <= footer {
		var one Row
		if cap(h.queue) > len(h.queue) { // slices of a row given out before
			one = h.queue[:len(h.queue)+1][len(h.queue)]
		}
		switch err := next(&one); {
		case err == io.EOF:
			h.finished = true
		case err != nil:
			return err
		default:
			h.queue = append(h.queue, one)
		}
	}
	if h.finished {
		return io.EOF
	}
	head := h.queue[0]
	copy(h.queue, h.queue[1:])
	h.queue = h.queue[:len(h.queue)-1]
	*row, h.queue[:len(h.queue)+1][len(h.queue)] = head, *row
	return nil
}

// dropped counts the rows of the footer, once the end is reached.
func (h *heldBack) dropped() int {
	if !h.finished {
		return 0
	}
	return len(h.queue)
}
