"""The focal point as pages say it: in classes, for a style in the markup is forbidden there."""

from articles.models import Image


def focus_classes(image: Image) -> str:
    """``fx-0`` … ``fx-10 fy-0`` … ``fy-10``: tenths from the left and from the top; a centre needs no word."""
    tenths = {"fx": round(image.focal_x * 10), "fy": round(image.focal_y * 10)}
    return " ".join(f"{axis}-{value}" for axis, value in tenths.items() if value != 5)
