package jsonrows

import "io"

// wrapDepth bounds how deep in wrapping objects the records are looked for.
const wrapDepth = 4

// locate finds where the records are. array says that they are the elements of an array: the whole text where path
// is "", else the first array of objects or of lists that the wrapping object holds, under path. Where the text is
// several objects, or one that wraps nothing, these are the records themselves.
func locate(in io.Reader) (path string, array bool, err error) {
	c := newCutter(in, false, false, 1<<10)
	path, array, err = c.find("")
	if err != nil || !array || path == "" {
		return path, array, err
	}
	// One object follows another: then none of them is a wrapper.
	if array, err = c.alone(); !array {
		path = ""
	}
	return path, array, err
}

// find reads on to the first element of the array under path, or where path is "" of the first array there is.
func (c *cutter) find(path string) (found string, ok bool, err error) {
	b, err := c.token()
	switch {
	case err != nil:
		return "", false, endedEarly(err)
	case b == '[':
		return "", true, nil
	case b != '{':
		return "", false, nil
	}
	return c.search("", path, 1)
}

// search looks through an object that has been entered.
func (c *cutter) search(at, path string, depth int) (found string, ok bool, err error) {
	for {
		key, more, err := c.key()
		if err != nil || !more {
			return "", false, err
		}
		here := at + "." + key
		b, err := c.token()
		if err != nil {
			return "", false, endedEarly(err)
		}
		switch {
		case b == '{' && depth < wrapDepth:
			if found, ok, err := c.search(here, path, depth+1); err != nil || ok {
				return found, ok, err
			}
			continue
		case b == '[':
			next, err := c.in.Peek(1)
			for err == nil && (next[0] == ' ' || next[0] == '\t' || next[0] == '\r' || next[0] == '\n') {
				_, _ = c.byte()
				next, err = c.in.Peek(1)
			}
			if err == nil && (next[0] == '{' || next[0] == '[') && (path == "" || path == here) {
				c.depth = depth
				return here, true, nil
			}
		}
		c.buf, c.long = c.buf[:0], false
		if err := c.take(b); err != nil {
			return "", false, err
		}
	}
}

// key reads the next key of an object and its colon; more is false at the object's end.
func (c *cutter) key() (key string, more bool, err error) {
	b, err := c.token()
	if err == nil && b == ',' {
		b, err = c.token()
	}
	switch {
	case err != nil:
		return "", false, endedEarly(err)
	case b == '}':
		return "", false, nil
	case b != '"':
		return "", false, c.broken()
	}
	c.buf, c.long = c.buf[:0], false
	if err := c.text(); err != nil {
		return "", false, err
	}
	key = string(c.buf)
	if b, err = c.token(); err != nil {
		return "", false, endedEarly(err)
	}
	if b != ':' {
		return "", false, c.broken()
	}
	return key, true, nil
}

// alone reads on behind the array that was found to the end of the first object, and tells if nothing follows it.
func (c *cutter) alone() (bool, error) {
	for depth := c.depth + 1; depth > 0; { // the array, and the objects around it
		b, err := c.byte()
		if err == io.EOF {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		switch b {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			c.buf, c.long = c.buf[:0], false
			if err := c.text(); err != nil {
				return true, nil // cut: the reading of the records will say so
			}
		}
	}
	for {
		b, err := c.token()
		switch {
		case err == io.EOF:
			return true, nil
		case err != nil:
			return false, err
		case b == '{':
			return false, nil
		}
	}
}
