from terreau.cli.main import main

main()
