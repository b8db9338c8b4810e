"""Conversations in English by trade. The contact speaks after <, the shop after >; a + adds a picture."""

GENERAL = """
< Hi, are you open {day}?
> Hi! Yes, {day} from 9 to 5.
< Great, thanks!

< Hi, I got invoice {inv} but I'm pretty sure I paid it already
> Hi {first}, let me check and get back to you.
> You're right, your payment of ${amount} came in {lastday}. Sorry about that!
< No worries, have a good one 🙂

> Hi {first}, a reminder that invoice {inv} for ${amount} is due {day}. Thank you!
< Will pay tonight
> Much appreciated.
< Done, sent by e-transfer.
> Received, thanks {first}!

< Can somebody call me back please? It's about my appointment on {day}
> Hi {first}, {me} will call you within 15 minutes.
< Thank you

> Hi {first}, just checking that everything went well {lastday}?
< Yes, very happy with it! 👍
> Glad to hear. If you have two minutes, a review helps us a lot.
< Will do.

< I need to move my appointment, is {day} {time} possible?
> {time} is taken but {time2} is free.
< {time2} works.
> You're booked, see you {day}!

< Do you take credit cards?
> Yes, all of them, and debit.
< Perfect

< Could you email me the receipt?
> Of course, which address?
< Same as on file
> Sent! Check your spam folder just in case.
< Got it, thanks

> Hi {first}, we are closed Monday for the holiday. Back Tuesday at 8.
< Thanks for letting me know, enjoy the day off!

< What's your address again?
> {civic} {street}. Parking is in the back.
< Thanks, there in 10
> See you soon!

< Hi! This is my new number, the old one no longer works.
> Thanks {first}, I've updated your file.

> Hi {first}, your paperwork is ready. Come by any time before {time2}.
< I'll stop by after work, around {time}
> Perfect.
"""

PLUMBING = """
< Hi, I have a leak under the kitchen sink, can you come today?
> Hi! We can be there between {time} and {time2}. Can you close the shut-off valve for now?
< Yes it's closed. {civic} {street}
> Great, {me} will text you before he gets there.
> Hi, {me} here, 20 minutes away.
< ok thanks!

< Our water heater is leaking from the bottom 😬
> Oh no. Please shut the cold inlet on top and the breaker. Is it a 40 or a 60 gallon?
<+ 60 I think, here's a picture
> That's a 60. We have one in stock: ${amount} installed, plus taxes.
< OK, when?
> Tomorrow at {time}. Does that work?
< Yes, thank you so much

> Hi {first}, confirming your plumbing appointment {day} at {time}. Reply YES to confirm.
< YES
> Thanks, see you {day}!

> Hi {first}, your quote is ready: ${amount} for the bathroom, parts and labour included.
< Thanks. Does that include the fixtures?
> Yes, except the shower column you picked yourself.
< Sounds good, let's go ahead. When can you start?
> We can start {day}. I'll email the contract.
< Signed and sent back ✍️

< How much to replace a kitchen faucet?
> Between $165 and $240 depending on the model, travel included on the island.
< I already have the faucet
> Then $165 plus taxes. {day} at {time}?
< ok {day}

> Hi {first}, {me} here. Stuck in traffic on the Champlain bridge, I'll be there at {time2} instead of {time}.
< No problem, home all day
> Thanks for your patience.

<+ Do you carry this part?
> Yes, standard cartridge, we have it in the truck.
< Great, see you {day} then

< Is the plumber on his way? We were told {time}
> Checking now.
> {me} is finishing up on {street}, 25 minutes.
< OK

< Pipes are frozen in the garage, what should I do?
> Open the tap and warm the pipe gently with a hair dryer, never a flame. We can be there at {time}.
< I'll try and let you know
< It worked! No leaks that I can see.
> Well done! Keep a trickle running tonight, it's going down to -22.

> {first}, the material for {civic} {street} has arrived. Shall we install {day}?
< {day} is good, the super will let you in
> Thanks. Water will be off from {time} to {time2}.
< I'll tell the tenants
"""

DENTAL = """
> Hi {first}, a reminder of your cleaning {day} at {time}. Reply C to confirm.
< C
> Thanks, see you {day}! 😁

< Does my insurance cover the crown?
> We are sending the estimate to your insurer today.
> Good news: covered at 80 %. You would pay ${amount}.
< Great, let's book it
> {day} at {time}?
< Yes please
"""
LAW = """
> Good morning {first}, your closing is set for {day} at {time}. Please bring two pieces of ID.
< Thanks. Do I need a bank draft?
> Yes, for ${amount}. The trust ledger was emailed to you.
< Received.

< Hi, did the other side sign?
> Not yet. {me} is following up this afternoon.
> They signed at {time}. We will file {day}.
< Finally! Thank you

> Hello {first}, your retainer statement {inv} is ready: ${amount}.
< Can I pay online?
> Yes, the link is on the last page.
< Paid.

< I'm running 10 min late for {time}
> No problem, we'll let {me} know.
"""
SCHOOL = """
< Hello, my daughter will miss class {day}, she has a fever.
> Thanks {first}, noted. Hope she feels better! There is a make-up class Saturday at {time2}.
< We'll take it

> Hi {first}, the recital is {day} at {time}. Students arrive 30 minutes early.
< How many tickets per family?
> Four. Extra ones are $12.
< Two more please
"""
MOVING = """
< Hi, looking for a quote, 2 bedroom apartment, third floor, no elevator
> Hi {first}! From where to where, and which date?
< {civic} {street} to the suburbs, {day}
> Four movers and a truck, about 6 hours: ${amount}.
< Book it
> You're booked for {time}. {me} is your crew lead.

> Good morning {first}, crew B is on the way, arrival {time}.
< The loading dock is on the north side
> Got it, thanks.
> All loaded, leaving now 🚚
< See you at the other end

<+ One of the table legs has a scratch
> So sorry {first}. Claim {inv} is open, {me} will call you today.
< Thanks for the quick reply

> Hi {first}, your storage unit renews {day}: ${amount}.
< Please keep it another month
> Done.
"""
VET = """
> Hi {first}, Biscuit is due for vaccines. Would {day} at {time} work?
< Yes! Can you trim his nails too?
> Of course, 15 minutes more. See you {day} 🐶

< Our cat hasn't eaten since yesterday
> Hi {first}, is she drinking?
< A little
> Please bring her in at {time}, Dr. {me} will see her.
< On our way
> She's doing fine, a mild stomach bug. Medicine is at the desk.
< Thank you all so much ❤️

> Your refill is ready, ${amount}. We close at 7.
< Will pick up tonight

<+ Is this rash normal after the shot?
> A bit of swelling is. If it is bigger tomorrow, come by at {time}.
< Looks better this morning
"""
REALTY = """
< Is the one bedroom on {street} still available?
> Hi {first}! Yes, ${amount} a month, heat included. Viewing {day} at {time}?
< Yes please, I'll bring my pay stubs
> Perfect, {me} will meet you in the lobby.

> Hi {first}, the open house is {day} from {time} to {time2}.
< Can my parents come along?
> Absolutely.

< The radiator is banging all night again
> Sorry about that. Our super comes by {day} at {time}, ok?
< ok thanks
> Fixed: there was air in the line.
< So quiet now 😴

> Your lease renewal {inv} is ready to sign.
< Signed, thanks {me}
"""
GARAGE = """
> Hi {first}, your car is ready: brakes and oil, ${amount}. Keys at the desk.
< Is it safe to leave it there until tomorrow?
> Sure, the lot is locked at night.
< I'll come by {time}

<+ This light came on this morning
> That's the tire pressure. Come by any time, two minutes and free.
< Oh good, thanks

< Do you have winter tires in 205/55R16?
> Yes, four installed for ${amount}.
< {day} {time}?
> You're in. Bring the wheel lock key please.

> {first}, we found a worn tie rod. $180 more and safe to drive. Go ahead?
< Yes go ahead
> Thanks, ready by {time2}.
"""
OUTDOOR = """
< Hi, do you rent kayaks by the day?
> Yes! $65 a day, paddle and vest included. Which day?
< {day}, two of them
> Reserved under {first}. Pick up from {time}.

> Hi {first}, the trip {day} is on, the forecast is good. Meet at {time} at the shop ⛰️
< Should we bring lunch?
> Yes, and 2 litres of water each.
< See you there!

<+ Left my jacket, is it this one on your rack?
> Yes, we have it behind the desk.
< Phew. I'll come by {day}.

> Your skis are waxed and sharpened, ${amount}.
< Awesome, there at {time2}
"""
INN = """
< Hello, do you have a room for two {day}?
> Hi! Yes, harbour side, ${amount} with breakfast.
< We'll take it. Arriving around {time2}
> Booked. The key will be in the box, code 2240.

< Is there parking?
> Yes, behind the inn, free for guests.
< Great

> Good evening {first}, breakfast is from 7 to 10. Any allergies?
< My wife can't have nuts
> Noted, thank you.

< We left a charger in room 4
> Found it! Shall we mail it?
< Yes please, same address as the booking
"""
BIKE = """
> Hi {first}, your bike is ready! Tune-up and brake cable: ${amount}.
< Great, when do you close?
> 6 pm, Thursday and Friday 8 pm.
< I'll be there at {time2}

< Do you rent winter bikes?
> Yes, $85 a month with studded tires.
< Please keep one for me until {day}
> Done!
"""
IT = """
> Hi {first}, your new number is live. Texting works right away.
< Thanks, just tested, all good

< Our phones have no dial tone since this morning
> Hi, could you restart the router? Your phones show offline.
< Back after the restart
> Great, we'll keep an eye on it.

> Hi {first}, the transfer of your lines is confirmed for {day}. Please keep the old service until then.
< Understood, thanks
"""
TRADES = {
    "plumbing": PLUMBING,
    "dental": DENTAL,
    "law": LAW,
    "school": SCHOOL,
    "moving": MOVING,
    "vet": VET,
    "realty": REALTY,
    "garage": GARAGE,
    "outdoor": OUTDOOR,
    "inn": INN,
    "bike": BIKE,
    "it": IT,
}
