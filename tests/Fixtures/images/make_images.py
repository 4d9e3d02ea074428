"""Makes the image files beside this script, pixels.tsv, what Pillow shows of each, and resized.tsv. Pillow 9.4 (Debian 12: python3-pil).

    python3 make_images.py

pixels.tsv: file, width, height, largest difference that is allowed, red, green and blue in base64. The pixels are those of
ImageOps.exif_transpose and then convert("RGB"), but for what that version does not show right, which is computed here: samples of 16 bits
are v / 257 rounded (it cuts off bits, or clips), TIFF files are turned once (it turns them twice), floating-point values are placed
between black and white.

resized.tsv: filter, width and height of an image that a formula makes, width and height that Pillow resizes it to, 1 where it is padded
to a square with CLIP's mean color before, SHA-256 of the pixels.
"""
import base64
import hashlib
import os
import random
import struct
import zlib

from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

HERE = os.path.dirname(os.path.abspath(__file__))
W, H = 21, 13
TRANSPOSE = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
RANDOM = random.Random(5)
right = {}
allowed = {}


def path(name):
    return os.path.join(HERE, name)


def save(name, image, format, **settings):
    image.save(path(name), format, **settings)


def write(name, data):
    with open(path(name), "wb") as file:
        file.write(data)


# --- pictures
base = Image.new("RGB", (W, H))
base.putdata([(min(255, x * 12), min(255, y * 19), (x * y * 3 + RANDOM.randrange(40)) % 256) for y in range(H) for x in range(W)])
base.paste((255, 20, 10), (3, 2, 9, 6))
alpha = Image.new("L", (W, H))
alpha.putdata([0 if x < 5 else 255 if x > 15 else (x - 5) * 24 for y in range(H) for x in range(W)])
rgba = base.copy()
rgba.putalpha(alpha)
gray = base.convert("L")
graya = Image.merge("LA", (gray, alpha))
palette = base.quantize(30)
bilevel = gray.convert("1")
cmyk = base.convert("CMYK")


# --- color profiles that change colors when they are applied
def profile(space, channels):
    identity = bytes(range(256))
    corners = b"".join(bytes([(37 * i) % 256, (91 * i + 60) % 256, (200 - 53 * i) % 256]) for i in range(2 ** channels))
    matrix = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    lut = b"mft1\0\0\0\0" + bytes([channels, 3, 2, 0]) + matrix + identity * channels + corners + identity * 3
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + bytes(4 + 4 + 2 + 1 + 67)
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    tags, body, offset = b"", b"", 128 + 4 + 3 * 12
    for name, data in ((b"desc", text), (b"wtpt", white), (b"A2B0", lut)):
        data += bytes(-len(data) % 4)
        tags += name + struct.pack(">II", offset + len(body), len(data))
        body += data
    header = struct.pack(">I", offset + len(body)) + b"\0\0\0\0" + struct.pack(">I", 0x02400000)
    header += (b"prtr" if channels == 4 else b"scnr") + space + b"Lab " + bytes(12) + b"acsp" + bytes(28)
    header += struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + struct.pack(">I", 3) + tags + body


LUT, CMYK_LUT = profile(b"RGB ", 3), profile(b"CMYK", 4)


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data.tobytes()


# --- JPEG
for subsampling, name in ((0, "444"), (1, "422"), (2, "420")):
    save(f"jpeg-rgb{name}.jpg", base, "JPEG", quality=88, subsampling=subsampling)
save("jpeg-rgb-progressive.jpg", base, "JPEG", quality=75, progressive=True)
save("jpeg-gray.jpg", gray, "JPEG", quality=88)
save("jpeg-cmyk.jpg", cmyk, "JPEG", quality=88)
save("jpeg-rgb-profile.jpg", base, "JPEG", quality=88, icc_profile=LUT)
save("jpeg-cmyk-profile.jpg", cmyk, "JPEG", quality=88, icc_profile=CMYK_LUT)
# --- PNG
for mode, image in (("bilevel", bilevel), ("gray", gray), ("graya", graya), ("palette", palette), ("rgb", base), ("rgba", rgba)):
    save(f"png-{mode}.png", image, "PNG")
for bits in (1, 2, 4):
    save(f"png-palette{bits}.png", base.quantize(2 ** bits), "PNG", bits=bits)
save("png-palette-trns.png", palette, "PNG", transparency=bytes(i * 8 for i in range(30)))
save("png-rgb-trns.png", base, "PNG", transparency=(255, 20, 10))
save("png-gray-trns.png", gray, "PNG", transparency=gray.getpixel((5, 3)))
save("png-rgb-profile.png", base, "PNG", icc_profile=LUT)
# --- WebP
save("webp-rgb-lossy.webp", base, "WEBP", quality=80)
save("webp-rgb-lossless.webp", base, "WEBP", lossless=True)
save("webp-rgba-lossy.webp", rgba, "WEBP", quality=80, exact=True)
save("webp-rgba-lossless.webp", rgba, "WEBP", lossless=True, exact=True)
save("webp-rgb-profile.webp", base, "WEBP", quality=80, icc_profile=LUT)
save("webp-rgb-animated.webp", base, "WEBP", save_all=True, append_images=[base.transpose(0)], lossless=True)
save("webp-rgb-animated-o6.webp", base, "WEBP", save_all=True, append_images=[base.transpose(0)], lossless=True, exif=exif(6))
# --- GIF
save("gif-palette.gif", palette, "GIF")
save("gif-palette-trns.gif", palette, "GIF", transparency=7)
save("gif-gray.gif", gray, "GIF")
save("gif-palette-interlaced.gif", palette, "GIF", interlace=1)
save("gif-palette-animated.gif", palette, "GIF", save_all=True, append_images=[palette.transpose(0)])


def partial_gif(name, transparent):
    """A frame that covers a part of a larger screen."""
    data = bytearray(open(path("gif-palette-trns.gif" if transparent else "gif-palette.gif"), "rb").read())
    data[6:10] = struct.pack("<HH", W + 6, H + 5)
    at = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    while data[at] == 0x21:
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    data[at + 1:at + 5] = struct.pack("<HH", 4, 3)
    write(name, data)


partial_gif("gif-palette-partial.gif", False)
partial_gif("gif-palette-trns-partial.gif", True)
# --- BMP
for mode, image in (("bilevel", bilevel), ("gray", gray), ("palette", palette), ("rgb", base), ("rgba", rgba)):
    save(f"bmp-{mode}.bmp", image, "BMP")
# --- TIFF
for mode, image in (("gray", gray), ("palette", palette), ("rgb", base), ("rgba", rgba)):
    save(f"tiff-{mode}.tif", image, "TIFF")
for compression in ("packbits", "tiff_lzw", "tiff_adobe_deflate"):
    save(f"tiff-rgb-{compression.split('_')[-1]}.tif", base, "TIFF", compression=compression)
save("tiff-rgb-predictor.tif", base, "TIFF", compression="tiff_lzw", tiffinfo={317: 2})
for compression in ("group3", "group4"):
    for photometric in (0, 1):
        save(f"tiff-bilevel-{compression}-{'white' if photometric == 0 else 'black'}0.tif", bilevel, "TIFF", compression=compression, tiffinfo={262: photometric})
save("tiff-gray-white0.tif", gray, "TIFF", tiffinfo={262: 0})
save("tiff-rgb-profile.tif", base, "TIFF", icc_profile=LUT)
save("tiff-rgb-pages.tif", base, "TIFF", save_all=True, append_images=[gray])
save("tiff-rgb-jpeg.tif", base, "TIFF", compression="jpeg", quality=80)
allowed["tiff-rgb-jpeg.tif"] = 2
# --- the eight orientations
for o in range(1, 9):
    save(f"jpeg-rgb420-o{o}.jpg", base, "JPEG", quality=88, exif=exif(o))
    save(f"png-rgb-o{o}.png", base, "PNG", exif=exif(o))
    save(f"png-rgba-o{o}.png", rgba, "PNG", exif=exif(o))
    save(f"webp-rgb-o{o}.webp", base, "WEBP", exif=exif(o), quality=80)
    save(f"tiff-rgb-o{o}.tif", base, "TIFF", tiffinfo={274: o})
    right[f"tiff-rgb-o{o}.tif"] = base if o == 1 else base.transpose(TRANSPOSE[o])
# --- the other places where PNG files have it
data = exif(6)
info = PngInfo()
info.add_text("Raw profile type exif", "\nexif\n%8d\n%s\n" % (len(data), data.hex()), zip=True)
save("png-rgb-rawprofile6.png", base, "PNG", pnginfo=info)
info = PngInfo()
info.add_itxt("XML:com.adobe.xmp", '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
              '<rdf:Description tiff:Orientation="8" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"/></rdf:RDF></x:xmpmeta>')
save("png-rgb-xmp8.png", base, "PNG", pnginfo=info)
# --- 16 bits
deep = [[(x * 3571 + y * 1097 + RANDOM.randrange(300)) % 65536 for x in range(W)] for y in range(H)]


def colors(x, y):
    return [(deep[y][x] * k + 13 * k) % 65536 for k in (1, 3, 7)]


def rounded(values):
    return bytes((v + 128) // 257 for v in values)


def opacity(x):
    return [0 if x < 5 else x * 3000]


def image_of(pixel):
    return Image.frombytes("RGB", (W, H), b"".join(pixel(x, y) for y in range(H) for x in range(W)))


def png(kind, samples):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + b"".join(struct.pack(">H", v) for x in range(W) for v in samples(x, y)) for y in range(H))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, 16, kind, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def tiff(letter, bits, format, photometric, samples, extra=None):
    count = len(samples(0, 0))
    data = b"".join(struct.pack("<%d%s" % (count, letter), *samples(x, y)) for y in range(H) for x in range(W))
    entries = {256: (3, 1, W), 257: (3, 1, H), 258: (3, count, bits), 259: (3, 1, 1), 262: (3, 1, photometric), 273: (4, 1, None),
               277: (3, 1, count), 278: (3, 1, H), 279: (4, 1, len(data)), 339: (3, count, format), **(extra or {})}
    at = 8 + 2 + 12 * len(entries) + 4
    directory, arrays = b"", b""
    for tag in sorted(entries):
        kind, number, value = entries[tag]
        packed = b"HERE" if value is None else struct.pack("<%dH" % number, *[value] * number) if kind == 3 else struct.pack("<I", value)
        if len(packed) > 4:
            arrays, packed = arrays + packed, struct.pack("<I", at + len(arrays))
        directory += struct.pack("<HHI", tag, kind, number) + packed.ljust(4, b"\0")
    directory = directory.replace(b"HERE", struct.pack("<I", at + len(arrays)))
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + bytes(4) + arrays + data


gray16 = image_of(lambda x, y: rounded([deep[y][x]] * 3))
rgb16 = image_of(lambda x, y: rounded(colors(x, y)))
write("png-gray16.png", png(0, lambda x, y: [deep[y][x]]))
write("png-graya16.png", png(4, lambda x, y: [deep[y][x]] + opacity(x)))
write("png-rgb16.png", png(2, colors))
write("png-rgba16.png", png(6, lambda x, y: colors(x, y) + opacity(x)))
write("tiff-gray16.tif", tiff("H", 16, 1, 1, lambda x, y: [deep[y][x]]))
write("tiff-gray16-white0.tif", tiff("H", 16, 1, 0, lambda x, y: [65535 - deep[y][x]]))
write("tiff-rgb16.tif", tiff("H", 16, 1, 2, colors))
for name in ("png-gray16.png", "png-graya16.png", "tiff-gray16.tif", "tiff-gray16-white0.tif"):
    right[name] = gray16
for name in ("png-rgb16.png", "png-rgba16.png", "tiff-rgb16.tif"):
    right[name] = rgb16


# --- floating point: black is -200, white is 455.35
def level(value):
    share = (struct.unpack("<f", struct.pack("<f", value))[0] + 200) / (struct.unpack("<f", struct.pack("<f", 455.35))[0] + 200)
    return int(min(max(share, 0), 1) * 255 + 0.5)


def measured(x, y):
    return float("nan") if (x, y) == (2, 1) else deep[y][x] / 95.0 - 220


write("tiff-float.tif", tiff("f", 32, 3, 1, lambda x, y: [measured(x, y)]))
right["tiff-float.tif"] = image_of(lambda x, y: bytes([0 if (x, y) == (2, 1) else level(measured(x, y))] * 3))
# --- what is refused
write("refused-float-rgb16bit.tif", tiff("e", 16, 3, 1, lambda x, y: [deep[y][x] / 65536]))
write("refused-whole32.tif", tiff("I", 32, 1, 1, lambda x, y: [deep[y][x]]))
write("refused-signed16.tif", tiff("h", 16, 2, 1, lambda x, y: [deep[y][x] - 32768]))
write("refused-associated.tif", tiff("B", 8, 1, 2, lambda x, y: [10, 20, 30, 40], {338: (3, 1, 1)}))
save("refused-cmyk.tif", cmyk, "TIFF")
write("refused-breaks-off.tif", open(path("tiff-rgb.tif"), "rb").read()[:600])
write("refused-breaks-off16.png", open(path("png-rgb16.png"), "rb").read()[:600])
write("refused-breaks-off.jpg", open(path("jpeg-rgb444.jpg"), "rb").read()[:-60])

with open(path("pixels.tsv"), "w") as table:
    for name in sorted(os.listdir(HERE)):
        if name.split(".")[-1] in ("jpg", "png", "webp", "gif", "bmp", "tif") and not name.startswith("refused"):
            image = right.get(name) or ImageOps.exif_transpose(Image.open(path(name))).convert("RGB")
            text = base64.b64encode(image.tobytes()).decode()
            table.write(f"{name}\t{image.width}\t{image.height}\t{allowed.get(name, 0)}\t{text}\n")


def formula(width, height):
    image = Image.new("RGB", (width, height))
    image.putdata([tuple((7 * x + 13 * y + x * y * (c + 1) // 5 + 50 * c) % 256 for c in range(3)) for y in range(height) for x in range(width)])
    return image


with open(path("resized.tsv"), "w") as table:
    for name in ("Lanczos", "Bilinear", "Bicubic"):
        for width, height, to_width, to_height, pad in (
                (101, 67, 30, 41, 0), (101, 67, 224, 224, 0), (37, 90, 37, 20, 0), (37, 90, 80, 90, 0), (5, 3, 64, 64, 1), (300, 200, 56, 56, 1),
                (1, 1, 7, 9, 0), (900, 4, 32, 32, 1), (640, 480, 384, 384, 0), (90, 333, 14, 28, 1)):
            image = formula(width, height)
            if pad:
                side = max(width, height)
                square = Image.new("RGB", (side, side), (122, 116, 104))
                square.paste(image, ((side - width) // 2, (side - height) // 2))
                image = square
            pixels = image.resize((to_width, to_height), getattr(Image.Resampling, name.upper())).tobytes()
            table.write(f"{name}\t{width}\t{height}\t{to_width}\t{to_height}\t{pad}\t{hashlib.sha256(pixels).hexdigest()}\n")
