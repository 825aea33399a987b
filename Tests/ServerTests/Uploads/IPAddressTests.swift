import HTTPSupport
import Testing

@testable import Server

struct IPAddressTests {
    @Test(
        "addresses are read in their strict forms, and written so that they are read again",
        arguments: ["0.0.0.0", "192.0.2.255", "::", "::1", "2001:db8::a:1", "fe80::1", "::ffff:10.0.0.1"]
    )
    func forms(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(IPAddress("\(address)") == address)
    }

    @Test(
        "other spellings of an address are rejected",
        arguments: ["", "127.1", "2130706433", "0x7f.0.0.1", "1.2.3.4.5", "[::1]", "::1%lo", "host"]
    )
    func otherForms(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "the special blocks of IANA's registry are not public, up to both of their ends",
        arguments: [
            ("0.0.0.0", "0.255.255.255"), ("10.0.0.0", "10.255.255.255"), ("100.64.0.0", "100.127.255.255"),
            ("127.0.0.0", "127.255.255.255"),
            ("169.254.0.0", "169.254.255.255"), ("172.16.0.0", "172.31.255.255"), ("192.0.0.0", "192.0.0.255"),
            ("192.0.2.0", "192.0.2.255"),
            ("192.88.99.0", "192.88.99.255"), ("192.168.0.0", "192.168.255.255"), ("198.18.0.0", "198.19.255.255"),
            ("198.51.100.0", "198.51.100.255"), ("203.0.113.0", "203.0.113.255"), ("224.0.0.0", "255.255.255.255"),
            ("::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"), ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"), ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ]
    )
    func edges(first: String, last: String) throws {
        let (first, last) = (try #require(IPAddress(first)), try #require(IPAddress(last)))
        #expect(!first.isPublic)
        #expect(!last.isPublic)
        #expect(first.number == 0 || IPAddress(first.version, first.number - 1).isPublic)
        let isTheVeryLast = last.number == (last.version == .v4 ? UInt128(UInt32.max) : UInt128.max)
        #expect(isTheVeryLast || IPAddress(last.version, last.number + 1).isPublic)
    }

    @Test(
        "addresses for special purposes are not public",
        arguments: [
            "127.0.0.1", "::1", "169.254.169.254", "fe80::1", "fd00::1", "fc00::1", "ff02::1", "fec0::1", "::ffff:127.0.0.1",
            "::ffff:10.1.2.3",
            "64:ff9b::7f00:1", "64:ff9b:1::1", "::127.0.0.1", "2002:7f00:1::", "2001:0:7f00:1::", "255.255.255.255",
        ]
    )
    func special(text: String) throws {
        #expect(try !#require(IPAddress(text)).isPublic)
    }

    @Test(
        "all others are public",
        arguments: ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001::1", "::ffff:1.1.1.1", "64:ff9b::101:101"]
    )
    func ordinary(text: String) throws {
        #expect(try #require(IPAddress(text)).isPublic)
    }
}

struct AddressBlockTests {
    @Test("a block of any length contains just the addresses with its prefix", arguments: ["172.31.85.170", "2001:db8:55aa::f00f"])
    func lengths(text: String) throws {
        let address = try #require(IPAddress(text))
        let width = address.version.width
        for prefix in 0...width {
            let block = try #require(AddressBlock("\(text)/\(prefix)"))
            #expect(block.contains(address))
            // The bit that decides, from either side: flipping any bit of the prefix leads out of the block, flipping a later one doesn't.
            for bit in 0..<width {
                let other = IPAddress(address.version, address.number ^ UInt128(1) << UInt128(width - 1 - bit))
                #expect(block.contains(other) == (bit >= prefix), "\(text)/\(prefix), bit \(bit)")
            }
            #expect(block.first == 0 || !block.contains(IPAddress(address.version, block.first - 1)))
            let largest = width == 32 ? UInt128(UInt32.max) : UInt128.max
            #expect(block.last == largest || !block.contains(IPAddress(address.version, block.last + 1)))
        }
    }

    @Test("a block of one version contains no address of the other")
    func versions() throws {
        let everything = try #require(AddressBlock("0.0.0.0/0"))
        #expect(try !everything.contains(#require(IPAddress("::1"))))
    }

    @Test(
        "anything else is no block",
        arguments: ["", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0.0/8/8", "10/8", "host/8"]
    )
    func malformed(text: String) {
        #expect(AddressBlock(text) == nil)
    }
}

struct PrivatePlacesTests {
    @Test("hosts, addresses and networks are exceptions, and nothing else is")
    func list() throws {
        let places = try #require(PrivatePlaces("nas.local, 10.1.0.0/16 fd00::/8,192.168.1.5"))
        #expect(try places.include(#require(IPAddress("172.16.0.1")), of: "nas.local"))
        #expect(try places.include(#require(IPAddress("10.1.255.255")), of: "other"))
        #expect(try places.include(#require(IPAddress("fdff::1")), of: "other"))
        #expect(try places.include(#require(IPAddress("192.168.1.5")), of: "other"))
        #expect(try !places.include(#require(IPAddress("10.2.0.0")), of: "other"))
        #expect(try !places.include(#require(IPAddress("192.168.1.6")), of: "nas.local.example"))
        #expect(PrivatePlaces("false") == PrivatePlaces())
    }

    @Test("any other entry is rejected", arguments: ["true", "10.0.0.0/99", "10.0.0", "http://nas.local", "a b@c", "nas.local:80"])
    func malformed(text: String) {
        #expect(PrivatePlaces(text) == nil)
    }
}
