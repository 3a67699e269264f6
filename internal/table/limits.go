package table

// The defaults of Limits.
const (
	defaultFileBytes = 2 << 30
	defaultInflated  = 20 << 30
	defaultRows      = 10_000_000
	defaultColumns   = 16_384
	defaultRecord    = 1 << 20
	defaultCell      = 1 << 20
)

// WithDefaults gives l with its zero fields set.
func (l Limits) WithDefaults() Limits {
	set(&l.Bytes, defaultFileBytes)
	set(&l.Inflated, defaultInflated)
	set(&l.Rows, defaultRows)
	set(&l.Columns, defaultColumns)
	set(&l.RecordBytes, defaultRecord)
	set(&l.CellBytes, defaultCell)
	return l
}

func set[T int | int64](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}
