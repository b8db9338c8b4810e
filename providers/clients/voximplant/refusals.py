"""Every error code of Voximplant: what kind of error it is, its cause in our words, and the field it is about.

What decides is whether the request can have been carried out. Refusals of a value or a state changed nothing; a failure
inside Voximplant or at a provider behind it may have come after the deed, so it is `Unclear`.
"""

from providers.clients.errors import (
    Cause,
    CredentialsRefused,
    NotFound,
    RateLimited,
    Rejected,
    Unclear,
    Unsupported,
    UpstreamError,
)

# (class, cause, codes), by voximplant.yaml: error_codes
_GROUPS: tuple[tuple[type[UpstreamError], Cause, str], ...] = (
    # fatal, internal, database, billing, gateway, servers, call service, phone and number providers, mails
    (
        Unclear,
        Cause.THEIR_FAULT,
        "1 2 4 5 6 9 10 13 14 15 16 17 18 19 20 21 22 23 251 252 368 385 513 577 578",
    ),
    (Rejected, Cause.THEIR_FAULT, "357"),  # the report could not be made
    (Unsupported, Cause.UNSUPPORTED, "12 102 103 195"),  # no such command
    # a category without a list, or whose numbers are not bought one by one; formats, products and pushes it has not
    (Rejected, Cause.UNSUPPORTED, "105 522 529 530 581"),
    (RateLimited, Cause.LIMIT, "162 166 340 416"),
    (Rejected, Cause.LIMIT, "140 165 231 397 512 550 553 554"),  # attempts used up, or so many a day
    (CredentialsRefused, Cause.CREDENTIALS, "100 135 137 161 447 454 455 456"),
    (Rejected, Cause.PERMISSION, "104 185 260 310 316 379 492 527 533 536 537 562"),
    (Rejected, Cause.ACCOUNT_CLOSED, "131 514"),
    (Rejected, Cause.FUNDS, "127 151 152 389 467"),
    # the same thing was done before: 484 and 515 take it for a request sent twice
    (Rejected, Cause.DUPLICATE, "142 303 338 407 415 484 515 516 540 547 549 567 570"),
    (
        Rejected,
        Cause.TAKEN,
        "106 118 128 129 133 175 182 188 219 221 267 268 290 294 331 332 335 384 436 493 559 565 576 580",
    ),
    (Rejected, Cause.MISSING, "134 311 337 339 364 448 463 472 485 534 560 575"),
    (Rejected, Cause.SOURCE, "191 386 395 422 507 509 528"),
    (Rejected, Cause.DESTINATION, "190 423 506"),
    (Rejected, Cause.CONTENT, "508"),
    (Rejected, Cause.ADDRESS, "424 531 532 543 572 579"),
    (Rejected, Cause.FILE, "250 278 280 327 481 482 518 519 520 521 574"),
    # not in this state: verifications, bindings and plans first; or as many of something as there may be
    (
        Rejected,
        Cause.NOT_NOW,
        "108 109 139 172 230 266 271 272 281 282 289 295 314 317 323 356 366 373 375 377 381 393 394 411 418 419 420 "
        "421 437 438 439 494 495 498 511 538 539 541 542 551 556 563",
    ),
    # an id that the account does not have, or a thing that is not there
    (
        NotFound,
        Cause.NOT_FOUND,
        "115 116 117 132 147 150 169 177 181 183 192 194 197 218 222 244 255 261 275 284 321 334 341 355 360 361 365 "
        "374 376 378 396 400 405 433 434 440 442 443 450 451 461 465 474 501 544 548 557 558 566 568 571 573",
    ),
    # a value that is not accepted
    (
        Rejected,
        Cause.INVALID,
        "101 107 110 111 112 113 114 121 122 123 125 130 136 141 148 149 153 154 155 156 157 158 159 160 163 164 167 "
        "168 170 171 173 180 184 196 198 199 201 202 203 204 205 206 207 208 209 210 211 212 213 214 215 216 217 220 "
        "223 224 225 226 227 228 229 232 233 234 235 236 237 239 240 241 242 243 245 246 247 248 249 253 254 257 258 "
        "259 262 263 264 265 269 270 273 274 283 285 286 287 288 291 292 293 296 297 300 301 302 304 305 306 307 308 "
        "309 315 318 319 320 322 324 325 326 336 343 344 345 346 347 348 349 350 351 352 353 354 358 359 362 363 367 "
        "369 370 371 380 382 383 390 391 392 398 399 401 406 408 409 410 412 413 414 417 425 426 427 428 429 430 435 "
        "441 444 445 446 449 452 453 457 458 459 460 462 464 466 468 470 471 473 475 476 477 478 479 480 483 486 487 "
        "488 489 490 491 496 497 499 500 517 523 524 525 526 535 545 546 552 555 561 564 569 583 584",
    ),
)
TABLE: dict[int, tuple[type[UpstreamError], Cause]] = {
    int(code): (kind, cause) for kind, cause, codes in _GROUPS for code in codes.split()
}

TOKEN = frozenset((447, 454, 455, 456))  # it is the signed token that was not liked, not the key
DATE_RANGE = 569
RETRY_LATER = 416

# Codes whose words name no parameter.
FIELDS = {
    106: "name",
    112: "password",
    113: "name",
    114: "name",
    121: "number",
    127: "",
    128: "email",
    136: "email",
    173: "name",
    182: "number",
    331: "number",
    332: "number",
    335: "number",
    386: "source",
    463: "password",
    464: "password",
    506: "destination",
    509: "source",
    523: "password",
    524: "password",
    528: "source",
    529: "category",
    530: "category",
    535: "password",
    576: "number",
}
# Voximplant's parameters under our names, where they differ.
PARAMETERS = {
    "phone_number": "number",
    "phone_numbers": "number",
    "phone_id": "external_id",
    "sms_body": "body",
    "text": "body",
    "src_number": "source",
    "dst_numbers": "destination",
    "account_name": "name",
    "new_account_name": "name",
    "account_email": "email",
    "new_account_email": "email",
    "new_child_account_email": "email",
    "account_password": "password",
    "new_account_password": "password",
    "new_child_account_password": "password",
    "account_first_name": "organization",
    "child_account_id": "external_id",
    "language_code": "language",
    "location": "time_zone",
    "country_code": "country",
    "country_state": "region",
    "phone_category_name": "category",
    "phone_region_id": "region_id",
    "incoming_sms_callback_url": "sms_webhook",
    "callback_url": "webhook",
    "account_custom_data": "reference",
    "min_balance_to_notify": "low_balance",
    "registration_id": "external_id",
    "sip_registration_id": "external_id",
    "username": "user",
    "sip_username": "user",
}
