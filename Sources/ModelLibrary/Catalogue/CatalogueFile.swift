/// A model file on the hub.
struct CatalogueFile {
    let name: String
    let bytes: Int64
    let sha1: String?

    init(_ name: String, _ bytes: Int64, _ sha1: String? = nil) {
        self.name = name
        self.bytes = bytes
        self.sha1 = sha1
    }

    /// The files, their lengths in bytes, and their SHA-1 where whisper.cpp's `models/README.md` publishes one.
    ///
    /// A length follows from the sizes of a model's tensors and from its vocabulary; a test compares the table with that sum.
    static let all: [CatalogueFile] = [
        CatalogueFile("tiny", 77_691_713, "bd577a113a864445d4c299885e0cb97d4ba92b5f"),
        CatalogueFile("tiny-q5_1", 32_152_673),
        CatalogueFile("tiny-q8_0", 43_537_433),
        CatalogueFile("tiny.en", 77_704_715, "c78c86eb1a8faa21b369bcd33207cc90d64ae9df"),
        CatalogueFile("tiny.en-q5_1", 32_166_155),
        CatalogueFile("tiny.en-q8_0", 43_550_795),
        CatalogueFile("base", 147_951_465, "465707469ff3a37a2b9b8d8f89f2f99de7299dac"),
        CatalogueFile("base-q5_1", 59_707_625),
        CatalogueFile("base-q8_0", 81_768_585),
        CatalogueFile("base.en", 147_964_211, "137c40403d78fd54d454da0f9bd998f78703390c"),
        CatalogueFile("base.en-q5_1", 59_721_011),
        CatalogueFile("base.en-q8_0", 81_781_811),
        CatalogueFile("small", 487_601_967, "55356645c2b361a969dfd0ef2c5a50d530afd8d5"),
        CatalogueFile("small-q5_1", 190_085_487),
        CatalogueFile("small-q8_0", 264_464_607),
        CatalogueFile("small.en", 487_614_201, "db8a495a91d927739e50b3fc1cc4c6b8f6c2d022"),
        CatalogueFile("small.en-q5_1", 190_098_681),
        CatalogueFile("small.en-q8_0", 264_477_561),
        CatalogueFile("small.en-tdrz", 487_614_201, "b6c6e7e89af1a35c08e6de56b66ca6a02a2fdfa1"),
        CatalogueFile("medium", 1_533_763_059, "fd9727b6e1217c2f614f9b698455c4ffd82463b4"),
        CatalogueFile("medium-q5_0", 539_212_467),
        CatalogueFile("medium-q8_0", 823_369_779),
        CatalogueFile("medium.en", 1_533_774_781, "8c30f0e44ce9560643ebd10bbe50cd20eafd3723"),
        CatalogueFile("medium.en-q5_0", 539_225_533),
        CatalogueFile("medium.en-q8_0", 823_382_461),
        CatalogueFile("large-v1", 3_094_623_691, "b1caaf735c4cc1429223d5a74f0f4d0b9b59a299"),
        CatalogueFile("large-v2", 3_094_623_691, "0f4c8e34f21cf1a914c59d8b3ce882345ad349d6"),
        CatalogueFile("large-v2-q5_0", 1_080_732_091, "00e39f2196344e901b3a2bd5814807a769bd1630"),
        CatalogueFile("large-v2-q8_0", 1_656_129_691),
        CatalogueFile("large-v3", 3_095_033_483, "ad82bf6a9043ceed055076d0fd39f5f186ff8062"),
        CatalogueFile("large-v3-q5_0", 1_081_140_203, "e6e2ed78495d403bef4b7cff42ef4aaadcfea8de"),
        CatalogueFile("large-v3-turbo", 1_624_555_275, "4af2b29d7ec73d781377bfd1758ca957a807e941"),
        CatalogueFile("large-v3-turbo-q5_0", 574_041_195, "e050f7970618a659205450ad97eb95a18d69c9ee"),
        CatalogueFile("large-v3-turbo-q8_0", 874_188_075),
    ]
}
