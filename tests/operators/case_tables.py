"""All operator cases, by family."""

from case_compute import activations, elementwise, reductions
from case_models import attention, images, losses, normalizations, products
from case_quantization import quantization
from case_shapes import gathers, shapes, slices

FAMILIES = {family.name: family.cases
            for family in (elementwise, activations, reductions, shapes, slices, gathers, products,
                           normalizations, images, losses, attention, quantization)}
