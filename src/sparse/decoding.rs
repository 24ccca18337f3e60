//! From a file's bytes to UTF-8: gzip is unpacked, an encoding decoded, and what is no text is named.
//!
//! gzip may have several members, as `cat a.gz b.gz`, bgzip and rotated logs have. A byte-order mark
//! tells UTF-16; without one, the bytes are in the encoding that the reader chose, UTF-8 unless said
//! otherwise. Bytes in UTF-8 pass as they are: whoever reads the lines knows which are not UTF-8.

use std::io::Write;

use encoding_rs::Encoding;
use flate2::write::GzDecoder;

/// How the characters of a file are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextEncoding {
    /// UTF-8, or UTF-16 with a byte-order mark.
    #[default]
    Utf8,
    /// Windows-1252, which has ISO 8859-1 (Latin-1) in it.
    Windows1252,
    /// Windows-1251, for Cyrillic script.
    Windows1251,
    /// Shift JIS.
    ShiftJis,
    /// GB 18030, which has GBK in it.
    Gb18030,
    /// UTF-16, the lower byte first, without a byte-order mark.
    Utf16Le,
    /// UTF-16, the higher byte first, without a byte-order mark.
    Utf16Be,
}

impl TextEncoding {
    /// Every one, the default first.
    pub const ALL: [Self; 7] = [
        Self::Utf8,
        Self::Windows1252,
        Self::Windows1251,
        Self::ShiftJis,
        Self::Gb18030,
        Self::Utf16Le,
        Self::Utf16Be,
    ];

    /// Its name in links and scripts, as the web has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Windows1252 => "windows-1252",
            Self::Windows1251 => "windows-1251",
            Self::ShiftJis => "shift_jis",
            Self::Gb18030 => "gb18030",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|encoding| encoding.name() == name)
    }

    /// What decodes it; none for UTF-8.
    fn encoding(self) -> Option<&'static Encoding> {
        match self {
            Self::Utf8 => None,
            Self::Windows1252 => Some(encoding_rs::WINDOWS_1252),
            Self::Windows1251 => Some(encoding_rs::WINDOWS_1251),
            Self::ShiftJis => Some(encoding_rs::SHIFT_JIS),
            Self::Gb18030 => Some(encoding_rs::GB18030),
            Self::Utf16Le => Some(encoding_rs::UTF_16LE),
            Self::Utf16Be => Some(encoding_rs::UTF_16BE),
        }
    }
}

/// Why a file is no text that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// It is compressed in a way that is not read.
    #[error("it is compressed with {0}: unpack it first")]
    Compressed(&'static str),
    /// It is a file of another kind.
    #[error("it is {0}, not text")]
    OtherFile(&'static str),
    /// Its characters have four bytes each.
    #[error("it is in UTF-32: save it as UTF-8")]
    Utf32,
    /// It has bytes of 0, which no text has.
    #[error(
        "it has bytes of 0, as in UTF-16 without a byte-order mark or in a file that is no text: choose utf-16le or utf-16be, or save it as UTF-8"
    )]
    ZeroBytes,
    /// A gzip file is damaged.
    #[error("this gzip file is damaged: {0}")]
    DamagedGzip(String),
    /// A gzip file is cut off, or its last part is another.
    #[error("this gzip file is damaged: it ends too early, or its checksum does not fit")]
    CutOffGzip,
}

/// What the first bytes of a file tell of it, and how they are called. Text begins with none of them.
const COMPRESSED: [(&[u8], &str); 7] = [
    (b"\xfd7zXZ\0", "xz"),
    (
        b"PK\x03\x04",
        "zip (or it is a spreadsheet or a document, which are zip files)",
    ),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x1f\x9d", "compress"),
];
const OTHER_FILES: [(&[u8], &str); 8] = [
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF89a", "a GIF picture"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PAR1\x15", "a Parquet file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
];
const GZIP: &[u8] = b"\x1f\x8b";
/// Where a tar archive says that it is one.
const TAR: (usize, &[u8]) = (257, b"ustar");
/// As many bytes tell what a file is.
const TELLING: usize = 512;

/// Bytes in, UTF-8 out.
#[derive(Debug)]
pub struct Decoding {
    encoding: TextEncoding,
    stage: Stage,
    gunzip: Option<Gunzip>,
}

#[derive(Debug)]
enum Stage {
    /// Too few bytes to tell what they are.
    Begun(Vec<u8>),
    Utf8,
    Decoded(Box<encoding_rs::Decoder>),
}

impl Decoding {
    /// Before the first byte of a file.
    #[must_use]
    pub fn new(encoding: TextEncoding) -> Self {
        Self {
            encoding,
            stage: Stage::Begun(Vec::new()),
            gunzip: None,
        }
    }

    /// Whether the bytes are in another encoding than UTF-8, as far as is known by now.
    #[must_use]
    pub fn is_decoded(&self) -> bool {
        match &self.stage {
            Stage::Begun(_) => self.encoding != TextEncoding::Utf8,
            Stage::Utf8 => false,
            Stage::Decoded(_) => true,
        }
    }

    /// Decodes a chunk, which may end anywhere.
    ///
    /// # Errors
    /// What the file is, where it is no text.
    pub fn push(&mut self, chunk: &[u8]) -> Result<Vec<u8>, NotText> {
        if let Some(gunzip) = &mut self.gunzip {
            let unpacked = gunzip.push(chunk)?;
            return self.plain(unpacked, false);
        }
        self.plain(chunk.to_vec(), false)
    }

    /// After the last byte of the file; the next file begins.
    ///
    /// # Errors
    /// As [`Self::push`]; and where a gzip file is cut off.
    pub fn finish(&mut self) -> Result<Vec<u8>, NotText> {
        let unpacked = match &mut self.gunzip {
            Some(gunzip) => gunzip.finish()?,
            None => Vec::new(),
        };
        let rest = self.plain(unpacked, true);
        *self = Self::new(self.encoding);
        rest
    }

    fn plain(&mut self, bytes: Vec<u8>, is_last: bool) -> Result<Vec<u8>, NotText> {
        let bytes = match &mut self.stage {
            Stage::Begun(begun) => {
                begun.extend(bytes);
                if begun.len() < TELLING && !is_last {
                    return Ok(Vec::new());
                }
                let begun = std::mem::take(begun);
                if begun.starts_with(GZIP) && self.gunzip.is_none() {
                    let mut gunzip = Gunzip::default();
                    let mut unpacked = gunzip.push(&begun)?;
                    if is_last {
                        unpacked.extend(gunzip.finish()?);
                    }
                    self.gunzip = Some(gunzip);
                    return self.plain(unpacked, is_last);
                }
                self.stage = recognised(&begun, self.encoding)?;
                begun
            }
            Stage::Utf8 | Stage::Decoded(_) => bytes,
        };
        match &mut self.stage {
            Stage::Begun(_) | Stage::Utf8 if bytes.contains(&0) => Err(NotText::ZeroBytes),
            Stage::Begun(_) | Stage::Utf8 => Ok(bytes),
            Stage::Decoded(decoder) => {
                let mut text = String::new();
                text.reserve(
                    decoder
                        .max_utf8_buffer_length(bytes.len())
                        .unwrap_or_default(),
                );
                // Enough is reserved for all of it.
                let _ = decoder.decode_to_string(&bytes, &mut text, is_last);
                if text.contains('\0') {
                    return Err(NotText::ZeroBytes);
                }
                Ok(text.into_bytes())
            }
        }
    }
}

/// How bytes that begin like that are decoded.
fn recognised(begun: &[u8], chosen: TextEncoding) -> Result<Stage, NotText> {
    let known = |list: &'static [(&[u8], &'static str)]| {
        list.iter()
            .find(|(magic, _)| begun.starts_with(magic))
            .map(|&(_, name)| name)
    };
    // Its magic of three letters may well begin a text; a digit and the first block's magic do not.
    if begun.starts_with(b"BZh") && begun.get(4..10) == Some(b"1AY&SY") {
        return Err(NotText::Compressed("bzip2"));
    }
    if let Some(name) = known(&COMPRESSED) {
        return Err(NotText::Compressed(name));
    }
    if begun.starts_with(GZIP) {
        return Err(NotText::Compressed("gzip twice"));
    }
    if let Some(name) = known(&OTHER_FILES) {
        return Err(NotText::OtherFile(name));
    }
    let (place, magic) = TAR;
    if begun
        .get(place..)
        .is_some_and(|rest| rest.starts_with(magic))
    {
        return Err(NotText::OtherFile("a tar archive: unpack it first"));
    }
    if begun.starts_with(b"\xff\xfe\0\0") || begun.starts_with(b"\0\0\xfe\xff") {
        return Err(NotText::Utf32);
    }
    let by_mark = Encoding::for_bom(begun).map(|(encoding, _)| encoding);
    let encoding = match by_mark {
        Some(encoding) if encoding == encoding_rs::UTF_8 => None,
        Some(encoding) => Some(encoding),
        None => chosen.encoding(),
    };
    Ok(encoding.map_or(Stage::Utf8, |encoding| {
        Stage::Decoded(Box::new(encoding.new_decoder_with_bom_removal()))
    }))
}

/// Unpacks the members of a gzip file, one after the other.
#[derive(Debug, Default)]
struct Gunzip {
    member: Option<GzDecoder<Vec<u8>>>,
    /// Whether a member has ended: what follows may be filled up with zeros.
    has_ended: bool,
}

impl Gunzip {
    fn push(&mut self, mut chunk: &[u8]) -> Result<Vec<u8>, NotText> {
        let damaged = |error: std::io::Error| NotText::DamagedGzip(error.to_string());
        let mut unpacked = Vec::new();
        while !chunk.is_empty() {
            if self.member.is_none() && self.has_ended {
                let padding = chunk.iter().take_while(|&&byte| byte == 0).count();
                chunk = chunk.get(padding..).unwrap_or_default();
                if chunk.is_empty() {
                    break;
                }
            }
            let member = self
                .member
                .get_or_insert_with(|| GzDecoder::new(Vec::new()));
            let taken = member.write(chunk).map_err(damaged)?;
            unpacked.append(member.get_mut());
            chunk = chunk.get(taken..).unwrap_or_default();
            if taken == 0 {
                // The member has ended, and its checksum is there.
                member.try_finish().map_err(damaged)?;
                unpacked.append(member.get_mut());
                self.member = None;
                self.has_ended = true;
            }
        }
        Ok(unpacked)
    }

    fn finish(&mut self) -> Result<Vec<u8>, NotText> {
        let Some(mut member) = self.member.take() else {
            return Ok(Vec::new());
        };
        member.try_finish().map_err(|_| NotText::CutOffGzip)?;
        Ok(std::mem::take(member.get_mut()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn decoded(encoding: TextEncoding, chunks: &[&[u8]]) -> Result<Vec<u8>, NotText> {
        let mut decoding = Decoding::new(encoding);
        let mut text = Vec::new();
        for chunk in chunks {
            text.extend(decoding.push(chunk)?);
        }
        text.extend(decoding.finish()?);
        Ok(text)
    }

    fn utf8(bytes: &[u8]) -> Result<String, NotText> {
        let text = decoded(TextEncoding::Utf8, &[bytes])?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    #[test]
    fn gzip_of_several_members_is_one_text() {
        let members = [gzip(b"ham\tone\n"), gzip(b""), gzip(b"spam\ttwo\n")].concat();
        assert_eq!(utf8(&members).unwrap(), "ham\tone\nspam\ttwo\n");
        // bgzip ends with an empty member, tapes with zeros.
        let padded = [members.as_slice(), &[0; 1000]].concat();
        assert_eq!(utf8(&padded).unwrap(), "ham\tone\nspam\ttwo\n");
    }

    #[test]
    fn damaged_gzip_is_said_to_be() {
        let whole = gzip("ham\tone\n".repeat(100).as_bytes());
        for end in [5, 12, whole.len() - 9, whole.len() - 1] {
            let error = utf8(&whole[..end]).unwrap_err().to_string();
            assert!(
                error.starts_with("this gzip file is damaged"),
                "{end}: {error}"
            );
        }
        let mut other = whole.clone();
        let middle = other.len() - 6;
        other[middle] ^= 1;
        assert!(matches!(
            utf8(&other),
            Err(NotText::DamagedGzip(_) | NotText::CutOffGzip)
        ));
        let garbage = [whole.as_slice(), b"not gzip at all"].concat();
        assert!(utf8(&garbage).is_err());
    }

    #[test]
    fn utf_16_is_decoded_by_its_mark() {
        let text = "ham\tÉté 東京\nspam\t🚀\n";
        for (mark, bytes) in [
            ([0xff, 0xfe], u16::to_le_bytes as fn(u16) -> [u8; 2]),
            ([0xfe, 0xff], u16::to_be_bytes),
        ] {
            let encoded: Vec<u8> = text.encode_utf16().flat_map(bytes).collect();
            let marked = [mark.as_slice(), &encoded].concat();
            assert_eq!(utf8(&marked).unwrap(), text);
            assert_eq!(utf8(&gzip(&marked)).unwrap(), text);
            assert_eq!(utf8(&encoded), Err(NotText::ZeroBytes));
        }
        let unmarked: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let read = decoded(TextEncoding::Utf16Le, &[&unmarked]).unwrap();
        assert_eq!(read, text.as_bytes());
        assert_eq!(utf8(b"\xff\xfe\0\0h\0\0\0"), Err(NotText::Utf32));
    }

    #[test]
    fn a_chosen_encoding_decodes_what_has_no_mark() {
        let latin = b"ham\tcaf\xe9 \x80\n";
        let read = decoded(TextEncoding::Windows1252, &[latin]).unwrap();
        assert_eq!(read, "ham\tcafé €\n".as_bytes());
        // A mark knows better than the choice.
        let marked = decoded(TextEncoding::Windows1252, &["\u{feff}é".as_bytes()]).unwrap();
        assert_eq!(marked, "\u{feff}é".as_bytes());
        for encoding in TextEncoding::ALL {
            assert_eq!(TextEncoding::named(encoding.name()), Some(encoding));
        }
    }

    #[test]
    fn other_files_are_named() {
        let said = |bytes: &[u8]| utf8(bytes).unwrap_err().to_string();
        assert_eq!(
            said(b"BZh91AY&SY"),
            "it is compressed with bzip2: unpack it first"
        );
        assert!(said(b"\xfd7zXZ\0\0\x04").contains("xz: unpack it first"));
        assert!(said(b"PK\x03\x04\x14\0").contains("zip"));
        assert!(said(b"\x28\xb5\x2f\xfd\x04").contains("zstd"));
        assert_eq!(said(b"%PDF-1.7"), "it is a PDF file, not text");
        assert_eq!(said(b"\x89PNG\r\n\x1a\n"), "it is a PNG picture, not text");
        assert!(said(&gzip(&gzip(b"twice"))).contains("gzip twice"));
        let mut tar = vec![b'a'; 600];
        tar[257..262].copy_from_slice(b"ustar");
        assert!(said(&gzip(&tar)).contains("tar archive"));
        assert_eq!(utf8(b"a\0b"), Err(NotText::ZeroBytes));
    }

    proptest! {
        #[test]
        fn where_chunks_end_makes_no_difference(
            text in "\\PC{0,40}", kind in 0..4_usize, cuts in prop::collection::vec(0..200_usize, 0..5)
        ) {
            let utf16: Vec<u8> = std::iter::once(0xfeff)
                .chain(text.encode_utf16())
                .flat_map(u16::to_le_bytes)
                .collect();
            let plain = text.as_bytes();
            let bytes = match kind {
                0 => plain.to_vec(),
                1 => [gzip(plain), gzip(plain)].concat(),
                2 => utf16,
                _ => gzip(&utf16),
            };
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.push(bytes.len());
            cuts.sort_unstable();
            let mut start = 0;
            let mut chunks = Vec::new();
            for cut in cuts {
                chunks.push(&bytes[start..cut]);
                start = cut;
            }
            let whole = decoded(TextEncoding::Utf8, &[&bytes]);
            prop_assert_eq!(decoded(TextEncoding::Utf8, &chunks), whole);
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), kind in 0..7_usize) {
            let _ = decoded(TextEncoding::ALL[kind], &[&bytes]);
            let _ = decoded(TextEncoding::Utf8, &[GZIP, &bytes]);
        }
    }
}
