"""RSA keys that follow from a name, so that a world of the same seed always has the same credentials."""

import functools
import math
import random

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

BITS = 2048
EXPONENT = 65537
ROUNDS = 8  # more than enough for primes nobody chose to be awkward


def small_primes(limit):
    sieve = bytearray([1]) * limit
    for number in range(2, math.isqrt(limit) + 1):
        if sieve[number]:
            sieve[number * number :: number] = bytes(len(range(number * number, limit, number)))
    return [number for number in range(2, limit) if sieve[number]]


SMALL = math.prod(small_primes(6000))


def is_prime(number, dice):
    """Miller-Rabin."""
    if math.gcd(number, SMALL) != 1:
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(passes(number, odd, twos, dice.randrange(2, number - 1)) for _ in range(ROUNDS))


def passes(number, odd, twos, base):
    value = pow(base, odd, number)
    if value in (1, number - 1):
        return True
    for _ in range(twos - 1):
        value = value * value % number
        if value == number - 1:
            return True
    return False


def prime(dice, bits):
    """The two top bits are set, so that the product of two has twice the length."""
    number = dice.getrandbits(bits) | (0b11 << (bits - 2)) | 1
    while not is_prime(number, dice) or math.gcd(number - 1, EXPONENT) != 1:
        number += 2
    return number


@functools.lru_cache(maxsize=64)
def private_key(name):
    """Takes a third of a second the first time, so it is made when it is first needed."""
    dice = random.Random(f"rsa/{name}")
    p, q = prime(dice, BITS // 2), prime(dice, BITS // 2)
    d = pow(EXPONENT, -1, math.lcm(p - 1, q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(EXPONENT, p * q)
    )
    return numbers.private_key()


def pem(name):
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private_key(name).private_bytes(*form).decode()
