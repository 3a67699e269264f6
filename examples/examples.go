// Package examples holds files to try the program with.
package examples

import _ "embed"

// Name is what the example file is called.
const Name = "clientes-baguncado.csv"

// Clients is a list of clients as they come: Windows-1252, a title above the header, phones in every spelling, faults of
// all kinds. The people in it do not exist.
//
//go:embed clientes-baguncado.csv
var Clients []byte
