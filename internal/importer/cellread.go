package importer

// cellReader gives the file's own cells of single rows of a plan, in ascending order of their numbers. A chunk is opened
// when a row of it is asked for first; the chunks between are not read.
type cellReader struct {
	plan *planReader
	d    decoder // what is left of the open chunk
	next int64   // number of the row that d stands before
	end  int64   // number behind the last row of the open chunk
}

// append appends the cells of a row to dst. They are slices of the chunk's text.
func (c *cellReader) append(dst []string, number int64) ([]string, error) {
	if number >= c.end {
		if err := c.open(number); err != nil {
			return dst, err
		}
	}
	if number < c.next {
		return dst, errPlan
	}
	for ; c.next < number; c.next++ {
		for range c.d.count() {
			c.d.string()
		}
		c.d.passIssues()
	}
	for range c.d.count() {
		dst = append(dst, c.d.string())
	}
	c.d.passIssues()
	c.next++
	return dst, c.d.err
}

func (c *cellReader) open(number int64) error {
	i := c.plan.chunkOf(number)
	if i < 0 {
		return errPlan
	}
	ref := &c.plan.index.Chunks[i]
	b, err := c.plan.block(ref.Cells)
	if err != nil {
		return err
	}
	c.d = decoder{s: string(b)}
	c.next, c.end = ref.First, ref.First+int64(ref.Rows)
	return nil
}

// passIssues passes a list of issues by.
func (d *decoder) passIssues() {
	for range d.count() {
		d.byte()
		d.string()
		d.int()
		d.string()
		d.string()
		d.string()
	}
}
