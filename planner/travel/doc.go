package travel
