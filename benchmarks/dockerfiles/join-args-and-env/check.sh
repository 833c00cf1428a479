cat /version /settings
