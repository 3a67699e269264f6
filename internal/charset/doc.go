// Package charset finds out in which character set a contact file is written, and turns it into UTF-8 and back.
//
// [Detect] names the charset of a file, [NewReader] streams a file as UTF-8, [Decoder] decodes it record by
// record where the charset allows it, [Encoder] writes for programs that know no UTF-8, and [Repair] undoes text
// that was encoded twice ("JosÃ©").
package charset
