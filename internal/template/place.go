package template

// place holds the examples that depend on the country. Phones are mobile numbers as written in the country; the
// documents are well-known ones of documentation, with right check digits.
type place struct {
	phones     [2]string
	taxIDs     [2]string
	city       string
	state      string
	postalCode string
}

// placeOf gives the examples of a country. Of a country that is not listed, the phones are international.
func placeOf(country string) place {
	switch country {
	case "BR":
		return place{[2]string{"(11) 98765-0001", "(21) 98765-0002"}, [2]string{"123.456.789-09", "11.222.333/0001-81"}, "São Paulo", "SP", "01310-100"}
	case "AR":
		return place{phones: [2]string{"11 2345-6701", "11 2345-6702"}, city: "Rosario"}
	case "BO":
		return place{phones: [2]string{"71234501", "71234502"}, city: "Sucre"}
	case "CL":
		return place{phones: [2]string{"9 6123 4501", "9 6123 4502"}, city: "Santiago"}
	case "CO":
		return place{phones: [2]string{"321 123 4501", "321 123 4502"}, city: "Bogotá"}
	case "CR":
		return place{phones: [2]string{"8312 3401", "8312 3402"}, city: "San José"}
	case "DO":
		return place{phones: [2]string{"(809) 234-5601", "(809) 234-5602"}, city: "Santiago"}
	case "EC":
		return place{phones: [2]string{"099 123 4501", "099 123 4502"}, city: "Quito"}
	case "ES":
		return place{phones: [2]string{"612 34 56 01", "612 34 56 02"}, city: "Madrid"}
	case "GT":
		return place{phones: [2]string{"5123 4501", "5123 4502"}, city: "Guatemala"}
	case "MX":
		return place{phones: [2]string{"55 1234 5601", "55 1234 5602"}, city: "Guadalajara"}
	case "PA":
		return place{phones: [2]string{"6123-4501", "6123-4502"}, city: "Panamá"}
	case "PE":
		return place{phones: [2]string{"912 345 601", "912 345 602"}, city: "Lima"}
	case "PT":
		return place{phones: [2]string{"912 345 601", "912 345 602"}, city: "Lisboa"}
	case "PY":
		return place{phones: [2]string{"0961 456701", "0961 456702"}, city: "Asunción"}
	case "US":
		return place{phones: [2]string{"(202) 555-0101", "(202) 555-0102"}, city: "Springfield"}
	case "UY":
		return place{phones: [2]string{"094 231 201", "094 231 202"}, city: "Montevideo"}
	case "VE":
		return place{phones: [2]string{"0412-1234501", "0412-1234502"}, city: "Caracas"}
	}
	return place{phones: [2]string{"+1 202-555-0101", "+1 202-555-0102"}}
}
