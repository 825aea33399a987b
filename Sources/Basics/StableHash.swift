/// A hash that is the same in every process and version, unlike `Hashable`'s; not safe against deliberate collisions.
///
/// FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
package func stableHash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}
