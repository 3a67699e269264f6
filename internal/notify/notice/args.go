package notice

import (
	"encoding/json"
	"strings"

	"cadastro/internal/errs"
)

// decode reads the values of a sentence; whole numbers stay whole, so that they are written like all others.
func decode(text string, into *errs.Args) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	for k, v := range *into {
		number, ok := v.(json.Number)
		if !ok {
			continue
		}
		if n, err := number.Int64(); err == nil {
			(*into)[k] = n
			continue
		}
		f, err := number.Float64()
		if err != nil {
			return err
		}
		(*into)[k] = f
	}
	return nil
}
