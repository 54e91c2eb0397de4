/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of ELF images. The image is in the memory of a process that may be hostile, and
 * may change while it is read. What must hold: whatever it contains, each loop has a limit and each
 * read goes into a buffer of known size. A wrong name is the worst that it can achieve.
 */
#include "observe/elf_symbol.h"

#include <elf.h>
#include <string.h>

/* The largest libraries of Debian (LLVM, the JVM, Chromium) have less than half of it. */
enum { SEGMENTS_MAX = 64, DYNAMIC_MAX = 512, SYMBOLS_MAX = 1 << 18, ALIASES_MAX = 8 };
enum { WINDOW_BYTES = 1 << 16 };

struct image {
	const struct elf_memory *memory;
	uint64_t base;
	uint64_t bias; /* what is added to addresses in the image */
	uint64_t segments, dynamic;
	uint64_t symbols, strings, strings_bytes, hash, gnu_hash;
	uint16_t n_segments, entry_bytes, machine;
	bool is_wide; /* ELFCLASS64 */
	/* the part of the memory that was read last */
	uint64_t window;
	size_t window_bytes;
	unsigned char bytes[WINDOW_BYTES];
};

/* Members with the widest type of both classes. */
struct segment {
	uint64_t type, offset, vaddr, memsz;
};

struct symbol {
	uint64_t name, value, size;
	unsigned int type;
	bool is_defined;
};

static bool get(struct image *image, uint64_t address, void *buf, size_t n)
{
	uint64_t skip = address - image->window;

	if (skip > image->window_bytes || n > image->window_bytes - skip) {
		image->window = address;
		image->window_bytes = image->memory->fetch(image->memory->ctx, address,
							   image->bytes, WINDOW_BYTES);
		skip = 0;
		if (n > image->window_bytes)
			return false;
	}
	memcpy(buf, image->bytes + skip, n);
	return true;
}

static bool get_u32(struct image *image, uint64_t address, uint64_t *ret)
{
	uint32_t v;
	bool found = get(image, address, &v, sizeof(v));

	*ret = found ? v : 0;
	return found;
}

static bool get_header(struct image *image)
{
	static const unsigned char order =
		__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
	union {
		unsigned char ident[EI_NIDENT];
		Elf32_Ehdr narrow;
		Elf64_Ehdr wide;
	} h = { .wide = { .e_phnum = 0 } };
	size_t entry;

	if (!get(image, image->base, &h.narrow, sizeof(h.narrow)) ||
	    memcmp(h.ident, ELFMAG, SELFMAG) != 0 || h.ident[EI_DATA] != order)
		return false;
	image->is_wide = h.ident[EI_CLASS] == ELFCLASS64;
	if (image->is_wide && !get(image, image->base, &h.wide, sizeof(h.wide)))
		return false;
	image->segments = image->base + (image->is_wide ? h.wide.e_phoff : h.narrow.e_phoff);
	image->n_segments = image->is_wide ? h.wide.e_phnum : h.narrow.e_phnum;
	image->entry_bytes = image->is_wide ? h.wide.e_phentsize : h.narrow.e_phentsize;
	image->machine = h.narrow.e_machine;
	entry = image->is_wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	return image->n_segments <= SEGMENTS_MAX && image->entry_bytes == entry;
}

static bool get_segment(struct image *image, size_t i, struct segment *ret)
{
	uint64_t address = image->segments + i * image->entry_bytes;
	Elf32_Phdr narrow;
	Elf64_Phdr wide;

	if (image->is_wide) {
		if (!get(image, address, &wide, sizeof(wide)))
			return false;
		*ret = (struct segment){ wide.p_type, wide.p_offset, wide.p_vaddr, wide.p_memsz };
		return true;
	}
	if (!get(image, address, &narrow, sizeof(narrow)))
		return false;
	*ret = (struct segment){ narrow.p_type, narrow.p_offset, narrow.p_vaddr, narrow.p_memsz };
	return true;
}

/* Finds where the image was loaded, and its dynamic section. */
static bool get_segments(struct image *image)
{
	bool is_loaded = false;
	struct segment s;

	for (size_t i = 0; i < image->n_segments; i++) {
		if (!get_segment(image, i, &s))
			return false;
		if (s.type == PT_LOAD && !is_loaded) {
			is_loaded = true;
			image->bias = image->base - (s.vaddr - s.offset);
		}
		if (s.type == PT_DYNAMIC)
			image->dynamic = s.vaddr;
	}
	image->dynamic += image->bias;
	return is_loaded && image->dynamic != image->bias;
}

/* glibc's dynamic linker adds the bias to these values in memory; musl's and the kernel do not. */
static uint64_t relocated(const struct image *image, uint64_t value)
{
	return value >= image->base ? value : value + image->bias;
}

static void take_dynamic(struct image *image, uint64_t tag, uint64_t value)
{
	switch (tag) {
	case DT_SYMTAB:
		image->symbols = relocated(image, value);
		break;
	case DT_STRTAB:
		image->strings = relocated(image, value);
		break;
	case DT_STRSZ:
		image->strings_bytes = value;
		break;
	case DT_HASH:
		image->hash = relocated(image, value);
		break;
	case DT_GNU_HASH:
		image->gnu_hash = relocated(image, value);
		break;
	default:
		break;
	}
}

static bool get_dynamic(struct image *image)
{
	uint64_t address = image->dynamic;

	for (size_t i = 0; i < DYNAMIC_MAX; i++) {
		Elf32_Dyn narrow = { 0 };
		Elf64_Dyn wide = { 0 };
		size_t n = image->is_wide ? sizeof(wide) : sizeof(narrow);

		if (!get(image, address, image->is_wide ? (void *)&wide : (void *)&narrow, n))
			return false;
		uint64_t tag = image->is_wide ? (uint64_t)wide.d_tag : (uint32_t)narrow.d_tag;

		if (tag == DT_NULL)
			break;
		take_dynamic(image, tag, image->is_wide ? wide.d_un.d_val : narrow.d_un.d_val);
		address += n;
	}
	return image->symbols && image->strings && image->strings_bytes;
}

/*
 * The number of symbols by DT_GNU_HASH: no entry tells it, but the last one of the last chain is
 * the last symbol.
 */
static size_t count_by_gnu_hash(struct image *image)
{
	uint64_t n_buckets, first, n_bloom, last = 0, bucket, word = 0;
	size_t bloom_bytes = image->is_wide ? 8 : 4;

	if (!get_u32(image, image->gnu_hash, &n_buckets) ||
	    !get_u32(image, image->gnu_hash + 4, &first) ||
	    !get_u32(image, image->gnu_hash + 8, &n_bloom) || n_buckets > SYMBOLS_MAX ||
	    n_bloom > SYMBOLS_MAX)
		return 0;
	uint64_t buckets = image->gnu_hash + 16 + n_bloom * bloom_bytes;

	for (size_t i = 0; i < n_buckets; i++) {
		if (!get_u32(image, buckets + 4 * i, &bucket))
			return 0;
		if (bucket > last)
			last = bucket;
	}
	if (last < first || last == 0)
		return 0;
	for (; last < SYMBOLS_MAX; last++) {
		if (!get_u32(image, buckets + 4 * n_buckets + 4 * (last - first), &word))
			return 0;
		if (word & 1)
			return last + 1;
	}
	return 0;
}

/* By DT_HASH, whose words have 32 bits on all architectures but these two. */
static size_t count_by_hash(struct image *image)
{
	uint64_t n;

	if ((image->is_wide && image->machine == EM_S390) || image->machine == EM_ALPHA ||
	    !get_u32(image, image->hash + 4, &n))
		return 0;
	return n > SYMBOLS_MAX ? 0 : n;
}

static bool get_symbol(struct image *image, size_t i, struct symbol *ret)
{
	Elf32_Sym narrow;
	Elf64_Sym wide;

	if (image->is_wide) {
		if (!get(image, image->symbols + i * sizeof(wide), &wide, sizeof(wide)))
			return false;
		*ret = (struct symbol){ wide.st_name, wide.st_value, wide.st_size,
					ELF64_ST_TYPE(wide.st_info), wide.st_shndx != SHN_UNDEF };
		return true;
	}
	if (!get(image, image->symbols + i * sizeof(narrow), &narrow, sizeof(narrow)))
		return false;
	*ret = (struct symbol){ narrow.st_name, narrow.st_value, narrow.st_size,
				ELF32_ST_TYPE(narrow.st_info), narrow.st_shndx != SHN_UNDEF };
	if (image->machine == EM_ARM)
		ret->value &= ~(uint64_t)1; /* tells the instruction set */
	return true;
}

static bool is_function_at(const struct symbol *s, uint64_t at)
{
	return s->is_defined && (s->type == STT_FUNC || s->type == STT_GNU_IFUNC) &&
	       s->value <= at && (s->size == 0 || at - s->value < s->size);
}

/* Collects the names (as offsets) of the functions that begin last before `at`. */
static size_t find_aliases(struct image *image, size_t n, uint64_t at, uint64_t *names,
			   uint64_t *ret_value)
{
	size_t n_names = 0;
	struct symbol s;

	for (size_t i = 0; i < n; i++) {
		if (!get_symbol(image, i, &s))
			return 0;
		if (!is_function_at(&s, at) || (n_names && s.value < *ret_value))
			continue;
		if (n_names == 0 || s.value > *ret_value) {
			*ret_value = s.value;
			n_names = 0;
		}
		if (n_names < ALIASES_MAX)
			names[n_names++] = s.name;
	}
	return n_names;
}

static bool get_name(struct image *image, uint64_t name, struct elf_symbol *ret)
{
	ret->n = 0;
	ret->is_cut = false;
	while (name + ret->n < image->strings_bytes) {
		unsigned char c;

		if (!get(image, image->strings + name + ret->n, &c, 1))
			return false;
		if (c == 0)
			return ret->n > 0;
		if (ret->n == sizeof(ret->name)) {
			ret->is_cut = true;
			return true;
		}
		ret->name[ret->n++] = c;
	}
	return false;
}

static size_t underscores(const struct elf_symbol *s)
{
	size_t n = 0;

	while (n < s->n && s->name[n] == '_')
		n++;
	return n;
}

bool elf_symbol_find(const struct elf_memory *memory, uint64_t base, uint64_t address,
		     struct elf_symbol *ret)
{
	struct image image = { .memory = memory, .base = base };
	uint64_t names[ALIASES_MAX], value = 0;
	struct elf_symbol s = { .n = 0 };
	size_t n = 0;

	*ret = s;
	if (!get_header(&image) || !get_segments(&image) || !get_dynamic(&image))
		return false;
	if (image.gnu_hash)
		n = count_by_gnu_hash(&image);
	if (n == 0 && image.hash)
		n = count_by_hash(&image);
	size_t n_names = find_aliases(&image, n, address - 1 - image.bias, names, &value);

	/* of mkdir, __mkdir and _IO_mkdir the name that programs use */
	for (size_t i = 0; i < n_names; i++)
		if (get_name(&image, names[i], &s) &&
		    (ret->n == 0 || underscores(&s) < underscores(ret)))
			*ret = s;
	ret->offset = address - image.bias - value;
	return ret->n > 0;
}
