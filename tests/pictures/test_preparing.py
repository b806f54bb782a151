import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from articles.pictures.preparing import PictureRefused, prepare_picture
from tests.pictures.samples import gps_exif, picture_file


def kept(file):
    return Pillow.open(io.BytesIO(prepare_picture(file).content))


@pytest.mark.parametrize(("kind", "extension"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "png")])
def test_accepted_formats_keep_their_kind(kind, extension):
    prepared = prepare_picture(picture_file(kind))
    assert (prepared.extension, prepared.width, prepared.height) == (extension, 1000, 600)


def test_digest_is_that_of_the_file_as_it_came():
    file = picture_file()
    assert prepare_picture(file).digest == hashlib.sha256(file.getvalue()).hexdigest()


def test_telephone_pictures_with_two_frames_are_accepted():
    file = picture_file("MPO", save_all=True, append_images=[Pillow.new("RGB", (1000, 600))])
    assert prepare_picture(file).extension == "jpg"


def test_location_and_all_other_metadata_are_gone():
    picture = kept(picture_file(exif=gps_exif(), comment=b"for the desk"))
    assert not picture.getexif()
    assert "comment" not in picture.info


def test_picture_taken_sideways_stands_upright():
    prepared = prepare_picture(picture_file(exif=gps_exif(orientation=6)))
    assert (prepared.width, prepared.height) == (600, 1000)


def test_longest_side_is_bounded():
    prepared = prepare_picture(picture_file(size=(200, 4000)))
    assert (prepared.width, prepared.height) == (128, 2560)


def test_first_frame_of_an_animation_is_taken():
    file = picture_file("GIF", color="red", save_all=True, append_images=[Pillow.new("RGB", (1000, 600), "blue")])
    assert prepare_picture(file).pixels.getpixel((0, 0)) == (255, 0, 0)


def test_transparency_is_kept_only_where_there_is_some():
    assert prepare_picture(picture_file("PNG", mode="RGBA", color=(9, 9, 9, 255))).pixels.mode == "RGB"
    assert prepare_picture(picture_file("PNG", mode="RGBA", color=(9, 9, 9, 99))).pixels.mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK"])
def test_every_mode_becomes_plain_colour(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert prepare_picture(picture_file(kind, mode=mode, color=0)).pixels.mode in {"RGB", "RGBA"}


def test_sixteen_bits_a_channel_are_scaled_and_not_clipped():
    file = io.BytesIO()
    Pillow.new("I;16", (4, 4), 0x8000).save(file, "PNG")
    assert prepare_picture(file).pixels.getpixel((0, 0)) == (128, 128, 128)


def test_colour_profile_is_applied_before_it_goes():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    file = picture_file("PNG", color="red", icc_profile=swapped)
    assert prepare_picture(file).pixels.getpixel((0, 0)) == (0, 0, 255)
    assert "icc_profile" not in kept(file).info


def test_broken_colour_profile_is_ignored():
    assert prepare_picture(picture_file("PNG", color="red", icc_profile=b"none")).pixels.getpixel((0, 0)) == (255, 0, 0)


def refusal(content):
    with pytest.raises(PictureRefused) as caught:
        prepare_picture(io.BytesIO(content))
    return str(caught.value)


def test_empty_file_is_refused():
    assert refusal(b"") == "The file is empty."


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made --><svg onload="alert(1)"/>',
    ],
)
def test_svg_is_refused_by_name(content):
    assert refusal(content).startswith("SVG can carry scripts")


def test_heic_is_refused_with_a_way_out():
    assert "save the picture as JPEG" in refusal(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")


@pytest.mark.parametrize(
    "content", [b"Not a picture", b"<html>svg</html>", b"%PDF-1.7", picture_file("TIFF").getvalue()]
)
def test_other_files_are_refused(content):
    assert refusal(content).startswith("The file is not a picture that can be used here")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_truncated_picture_is_refused(kind):
    noisy = Pillow.effect_noise((400, 400), 90).convert("RGB")
    file = io.BytesIO()
    noisy.save(file, kind)
    content = file.getvalue()
    assert "damaged" in refusal(content[: len(content) // 2])


def test_too_many_bytes_are_refused(settings):
    settings.ARTICLES_PICTURE_MAX_BYTES = 1_000
    assert refusal(picture_file(size=(2000, 2000)).getvalue()) == "The file is larger than 0.001 MB."


def test_too_many_pixels_are_refused(settings):
    settings.ARTICLES_PICTURE_MAX_PIXELS = 500_000
    assert "more than 0.5 million pixels" in refusal(picture_file().getvalue())


@pytest.mark.parametrize("side", [12_000, 30_000])
def test_bomb_is_refused_before_it_is_decoded(side):
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    content = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    content += struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    assert "million pixels" in refusal(content)
