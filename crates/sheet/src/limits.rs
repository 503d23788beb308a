/// The sizes beyond which a file is refused. The defaults are the limits that the product states.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Size of the file as uploaded, in bytes.
    pub file_bytes: u64,
    /// Rows below the header that hold anything.
    pub rows: u32,
    /// Cells side by side in one row.
    pub columns: u32,
    /// Characters in one cell; 32,767 is what a spreadsheet program can hold.
    pub cell_chars: usize,
    /// Sum of the sizes of all parts of an XLSX archive once unpacked, in bytes.
    pub unpacked_bytes: u64,
    /// How many times larger than the file its unpacked parts may be, once they exceed `free_unpacked_bytes`.
    pub unpacked_ratio: u64,
    /// Unpacked size up to which the ratio does not matter, in bytes.
    pub free_unpacked_bytes: u64,
    /// Different texts in the table that an XLSX keeps for all its cells: the one part that must be held in memory.
    pub shared_texts: u64,
    /// Unpacked size of that table, in bytes.
    pub shared_text_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 200 << 20,
            rows: 1_000_000,
            columns: 1_000,
            cell_chars: 32_767,
            unpacked_bytes: 2 << 30,
            unpacked_ratio: 200,
            free_unpacked_bytes: 50 << 20,
            shared_texts: 10_000_000,
            shared_text_bytes: 512 << 20,
        }
    }
}
