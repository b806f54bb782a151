"""Picture files made on the spot."""

import io

from PIL import Image as Pillow


def picture_file(kind="JPEG", size=(1000, 600), mode="RGB", color="teal", **options):
    file = io.BytesIO()
    Pillow.new(mode, size, color).save(file, kind, **options)
    file.seek(0)
    return file


def gps_exif(orientation=1):
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (36.0, 31.0, 0.0)
    return exif
