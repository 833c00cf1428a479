package money

const Euro = "EUR"
