package page

// Zones gives the time zones that a form offers, in the order of the alphabet; any other IANA name can be typed.
func Zones() []string {
	return []string{
		"America/Araguaina", "America/Argentina/Buenos_Aires", "America/Argentina/Cordoba", "America/Asuncion", "America/Bahia", "America/Belem",
		"America/Boa_Vista", "America/Bogota", "America/Campo_Grande", "America/Cancun", "America/Caracas", "America/Chicago", "America/Chihuahua",
		"America/Costa_Rica", "America/Cuiaba", "America/Denver", "America/El_Salvador", "America/Fortaleza", "America/Guatemala", "America/Guayaquil",
		"America/Havana", "America/Hermosillo", "America/La_Paz", "America/Lima", "America/Los_Angeles", "America/Maceio", "America/Managua",
		"America/Manaus", "America/Mexico_City", "America/Monterrey", "America/Montevideo", "America/New_York", "America/Noronha", "America/Panama",
		"America/Porto_Velho", "America/Puerto_Rico", "America/Punta_Arenas", "America/Recife", "America/Rio_Branco", "America/Santarem",
		"America/Santiago", "America/Santo_Domingo", "America/Sao_Paulo", "America/Tegucigalpa", "America/Tijuana", "Atlantic/Azores",
		"Atlantic/Canary", "Europe/Lisbon", "Europe/London", "Europe/Madrid", "Pacific/Easter", "UTC",
	}
}
