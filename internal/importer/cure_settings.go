package importer

import (
	"slices"

	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
)

// Keys of the cures that change a setting.
const (
	cureRepeatFirst = "repeat_first"
	cureRepeatLast  = "repeat_last"
	cureRepeatJoin  = "repeat_join"
	cureKeepValues  = "keep_values"
	cureDayFirst    = "date_day_first"
	cureMonthFirst  = "date_month_first"
)

func isSettingCure(key string) bool {
	switch key {
	case cureRepeatFirst, cureRepeatLast, cureRepeatJoin, cureKeepValues, cureDayFirst, cureMonthFirst:
		return true
	}
	return false
}

// settingCures gives the cures of a cause that change a setting of the import.
func settingCures(imp *Import, cause string) (list []Cure) {
	rows := imp.Summary.Reasons[cause]
	add := func(key string, of int64) {
		list = append(list, Cure{Key: key, Kind: key, Rows: of, Of: of, Setting: true, Texts: map[string]any{"rows": of, "of": of}})
	}
	switch cause {
	case "error.row.repeated":
		if rows > 0 {
			add(cureRepeatJoin, rows)
			add(cureRepeatFirst, rows)
			add(cureRepeatLast, rows)
		}
	case CauseCleared:
		if imp.Summary.Cleared > 0 {
			add(cureKeepValues, imp.Summary.Cleared)
		}
	}
	return list
}

// curedSettings gives the settings that a cure makes of those of the import; ok is false where it changes none.
func curedSettings(imp *Import, key string, column int) (set Settings, ok bool) {
	set = imp.Settings
	set.Mapping.Columns = slices.Clone(set.Mapping.Columns)
	switch key {
	case cureRepeatFirst:
		set.Repeated = RepeatedFirst
	case cureRepeatLast:
		set.Repeated = RepeatedLast
	case cureRepeatJoin:
		set.Repeated = RepeatedJoin
	case cureDayFirst:
		set.Mapping.Columns[column].DateOrder = normalize.OrderDMY.String()
	case cureMonthFirst:
		set.Mapping.Columns[column].DateOrder = normalize.OrderMDY.String()
	case cureKeepValues:
		for i := range set.Mapping.Columns {
			c := &set.Mapping.Columns[i]
			if imp.Summary.ClearedFields[keptField(c)] > 0 {
				c.IgnoreEmpty = true
			}
		}
	default:
		return set, false
	}
	return set, true
}

// keptField gives the field whose values an empty cell of the column erases.
func keptField(c *mapping.Column) string {
	if c.Field == mapping.FieldWhatsApp {
		return mapping.FieldPhone
	}
	return c.Field
}
