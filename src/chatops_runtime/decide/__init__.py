"""What becomes of a click: an approval, a confirmation, a choice from a menu, a cancellation.

Every click is an execution of one machine of the endpoint, whose one function this is. It finds the execution that the
control is about by the handle in it, reads in the execution's own history what is asked and with which token it waits,
authorises, and only then redeems the token: whoever may not answer leaves the question as it is.
"""
