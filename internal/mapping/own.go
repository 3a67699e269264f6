package mapping

// useOwn brings in what the workspace knows: saved mappings, and its custom fields.
func (t *table) useOwn() {}

// combine pairs area code columns with the number columns that they belong to.
func (t *table) combine() {}
