package safehttp

import "net/netip"

// closed lists what the internet does not route, or routes into networks that are not the internet, within the ranges
// that are otherwise public. IPv4: IANA IPv4 Special-Purpose Address Registry (RFC 6890); IPv6: IANA IPv6
// Special-Purpose Address Registry and, for the ways from IPv6 into IPv4, RFC 3056, 4380, 6052, 8215.
func closed() []netip.Prefix {
	texts := [...]string{
		"0.0.0.0/8",         // this network
		"10.0.0.0/8",        // private
		"100.64.0.0/10",     // carriers' NAT, also used inside clouds
		"127.0.0.0/8",       // loopback
		"169.254.0.0/16",    // link-local; metadata of clouds
		"172.16.0.0/12",     // private
		"192.0.0.0/24",      // protocol assignments
		"192.0.2.0/24",      // documentation
		"192.88.99.0/24",    // 6to4 relays
		"192.168.0.0/16",    // private
		"198.18.0.0/15",     // benchmarks
		"198.51.100.0/24",   // documentation
		"203.0.113.0/24",    // documentation
		"224.0.0.0/4",       // multicast
		"240.0.0.0/4",       // reserved, broadcast
		"168.63.129.16/32",  // a cloud's own services behind a public number
		"2001::/23",         // Teredo, ORCHID and other protocols
		"2001:db8::/32",     // documentation
		"2002::/16",         // 6to4: an IPv4 address inside
		"3fff::/20",         // documentation
		"2620:4f:8000::/48", // AS112
	}
	list := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		list[i] = netip.MustParsePrefix(t)
	}
	return list
}

// Public tells whether a is an address of the internet at large. Of IPv6 only 2000::/3 is (RFC 4291, section 2.4, and
// IANA's registry), which leaves out loopback, link-local, unique local, multicast, NAT64 and IPv4-compatible ones;
// an IPv4 address in IPv6 clothes (::ffff:0:0/96) is judged as what it is.
func Public(a netip.Addr) bool {
	if !a.IsValid() || a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if a.Is6() && !netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20}), 3).Contains(a) {
		return false
	}
	for _, p := range closed() {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
